import type { KeyLimits } from './key-index';
import type { KeySpan } from './key-span';
import { KeySpill, type KeyPlace } from './key-spill';
import { KeyTable } from './key-table';

/** Of an entry that is referred to, not one that refers. */
const REFERENCED: KeyPlace = { file: -1, row: 0, line: 0 };

/**
 * Finds keys that refer to nothing. First all that may be referred to is added, then what refers; beyond what memory may
 * hold both wait in files of `folder`.
 */
export class ReferenceIndex {
  private known: KeyTable | undefined = new KeyTable();
  private readonly spill: KeySpill;

  constructor(
    folder: string,
    private readonly onMissing: (key: KeySpan, place: KeyPlace) => void,
    private readonly limits: KeyLimits,
  ) {
    this.spill = new KeySpill(folder, limits);
  }

  addReferenced(key: KeySpan): void {
    if (this.known === undefined) this.spill.add(key, REFERENCED);
    else this.known.add(key);
  }

  addReferring(key: KeySpan, place: KeyPlace): void {
    if (this.known === undefined) this.spill.add(key, place);
    else if (this.known.find(key) === -1) this.onMissing(key, place);
  }

  /** Frees memory where there is need; to be awaited between batches. @returns undefined where there is none */
  relieve(): Promise<void> | undefined {
    const { known } = this;
    if (known === undefined) return this.spill.relieve();
    if (known.bytes <= this.limits.memoryBytes) return undefined;
    this.known = undefined;
    return this.startSpilling(known);
  }

  async finish(): Promise<void> {
    await this.spill.finish(() => {
      const known = new KeyTable();
      return (key, place) => {
        if (place.file === REFERENCED.file) known.add(key);
        else if (known.find(key) === -1) this.onMissing(key, place);
      };
    });
  }

  private async startSpilling(known: KeyTable): Promise<void> {
    for (let number = 0; number < known.size; number += 1) {
      this.spill.add(known.key(number), REFERENCED);
      await this.spill.relieve();
    }
  }
}
