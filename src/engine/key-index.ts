import { KeySpill, SPILL_LIMITS, type KeyPlace, type SpillLimits } from './key-spill';
import type { KeySpan } from './key-span';
import { KeyTable } from './key-table';

export interface KeyLimits extends SpillLimits {
  /** Bytes of keys that are held in memory before they go into files. */
  memoryBytes: number;
}

const LIMITS: KeyLimits = { ...SPILL_LIMITS, memoryBytes: 96 * 1024 * 1024 };

/** What each of several constraints may take, so that all of them together take no more than one would. */
export const shareKeyLimits = (constraints: number): KeyLimits => ({
  memoryBytes: LIMITS.memoryBytes / Math.max(1, constraints),
  buffered: LIMITS.buffered / Math.max(1, constraints),
  largestPartition: LIMITS.largestPartition,
});

/** Of the table's keys, which are earlier than all that come after them. */
const EARLIER: KeyPlace = { file: 0, row: 0, line: 0 };

/**
 * Finds rows whose key an earlier row of the same file has. Keys are compared exactly; beyond what memory may hold they
 * wait in files of `folder`.
 */
export class KeyIndex {
  private seen: KeyTable | undefined = new KeyTable();
  private readonly spill: KeySpill;

  constructor(
    folder: string,
    private readonly onDuplicate: (key: KeySpan, place: KeyPlace) => void,
    private readonly limits: KeyLimits = LIMITS,
  ) {
    this.spill = new KeySpill(folder, limits);
  }

  add(key: KeySpan, place: KeyPlace): void {
    if (this.seen === undefined) this.spill.add(key, place);
    else if (!this.seen.add(key)) this.onDuplicate(key, place);
  }

  /** Frees memory where there is need; to be awaited between batches. @returns undefined where there is none */
  relieve(): Promise<void> | undefined {
    const { seen } = this;
    if (seen === undefined) return this.spill.relieve();
    if (seen.bytes <= this.limits.memoryBytes) return undefined;
    this.seen = undefined;
    return this.startSpilling(seen);
  }

  /** Tells of the duplicates that are still in files. */
  async finish(): Promise<void> {
    await this.spill.finish(() => {
      const seen = new KeyTable();
      return (key, place) => {
        if (!seen.add(key)) this.onDuplicate(key, place);
      };
    });
  }

  private async startSpilling(seen: KeyTable): Promise<void> {
    for (let number = 0; number < seen.size; number += 1) {
      this.spill.add(seen.key(number), EARLIER);
      await this.spill.relieve();
    }
  }
}
