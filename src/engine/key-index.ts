import { KeySpill } from './key-spill';

export interface DuplicateKey {
  row: number;
  line: number;
  key: string;
}

/** Measured: what a short string costs in a Set, beside its characters. */
const ENTRY_BYTES = 56;
const MEMORY_BYTES = 128 * 1024 * 1024;

/**
 * Finds rows whose key an earlier row has. Keys are compared exactly; beyond `memoryBytes` they wait in files of
 * `folder`, each of which holds all keys that could be equal.
 */
export class KeyIndex {
  private seen: Set<string> | undefined = new Set();
  private bytes = 0;
  private spill: KeySpill | undefined;

  constructor(
    private readonly folder: string,
    private readonly onDuplicate: (duplicate: DuplicateKey) => void,
    private readonly memoryBytes = MEMORY_BYTES,
  ) {}

  /** @returns a promise when the caller should wait before it adds more */
  add(key: string, row: number, line: number): Promise<void> | undefined {
    if (this.spill) return this.spill.add(key, row, line);
    if (this.seen?.has(key)) {
      this.onDuplicate({ row, line, key });
      return undefined;
    }
    this.seen?.add(key);
    this.bytes += key.length + ENTRY_BYTES;
    return this.bytes > this.memoryBytes ? this.startSpilling() : undefined;
  }

  /** Tells of the duplicates that are still in files. */
  async finish(): Promise<void> {
    await this.spill?.finish(this.onDuplicate);
  }

  private async startSpilling(): Promise<void> {
    const seen = this.seen ?? new Set();
    this.seen = undefined;
    this.spill = new KeySpill(this.folder);
    // Row 0: it is earlier than every row to come, and has been found to be no duplicate.
    for (const key of seen) await this.spill.add(key, 0, 0);
  }
}
