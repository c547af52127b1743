import { KeySpill, SPILL_LIMITS, type KeyEntry, type SpillLimits } from './key-spill';

export type DuplicateKey = Omit<KeyEntry, 'file'>;

/** Measured: what a short string costs in a Set, beside its characters. */
export const KEY_BYTES = 56;

export interface KeyLimits extends SpillLimits {
  /** Bytes of keys that are held in memory before they go into files. */
  memoryBytes: number;
}

const LIMITS: KeyLimits = { ...SPILL_LIMITS, memoryBytes: 48 * 1024 * 1024 };

/** What each of several constraints may take, so that all of them together take no more than one would. */
export const shareKeyLimits = (constraints: number): KeyLimits => ({
  memoryBytes: LIMITS.memoryBytes / Math.max(1, constraints),
  buffered: LIMITS.buffered / Math.max(1, constraints),
  largestPartition: LIMITS.largestPartition,
});

/**
 * Finds rows whose key an earlier row of the same file has. Keys are compared exactly; beyond what memory may hold they
 * wait in files of `folder`.
 */
export class KeyIndex {
  private seen: Set<string> | undefined = new Set();
  private bytes = 0;
  private spill: KeySpill | undefined;

  constructor(
    private readonly folder: string,
    private readonly onDuplicate: (duplicate: DuplicateKey) => void,
    private readonly limits: KeyLimits = LIMITS,
  ) {}

  /** @returns a promise when the caller should wait before it adds more */
  add(key: string, row: number, line: number): Promise<void> | undefined {
    if (this.spill) return this.spill.add({ key, file: 0, row, line });
    if (this.seen?.has(key)) {
      this.onDuplicate({ row, line, key });
      return undefined;
    }
    this.seen?.add(key);
    this.bytes += key.length + KEY_BYTES;
    return this.bytes > this.limits.memoryBytes ? this.startSpilling() : undefined;
  }

  /** Tells of the duplicates that are still in files. */
  async finish(): Promise<void> {
    await this.spill?.finish(() => {
      const seen = new Set<string>();
      return ({ key, row, line }) => {
        if (seen.has(key)) this.onDuplicate({ row, line, key });
        else seen.add(key);
      };
    });
  }

  private async startSpilling(): Promise<void> {
    const seen = this.seen ?? new Set();
    this.seen = undefined;
    this.spill = new KeySpill(this.folder, this.limits);
    // Row 0: it is earlier than every row to come, and has been found to be no duplicate.
    for (const key of seen) await this.spill.add({ key, file: 0, row: 0, line: 0 });
  }
}
