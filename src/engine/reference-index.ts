import { KEY_BYTES, type KeyLimits } from './key-index';
import { KeySpill, type KeyEntry } from './key-spill';

/** Of an entry that is referred to, not one that refers. */
const REFERENCED = -1;

/**
 * Finds keys that refer to nothing. First all that may be referred to is added, then what refers; beyond what memory may
 * hold both wait in files of `folder`.
 */
export class ReferenceIndex {
  private known: Set<string> | undefined = new Set();
  private bytes = 0;
  private readonly spill: KeySpill;

  constructor(
    folder: string,
    private readonly onMissing: (entry: KeyEntry) => void,
    private readonly limits: KeyLimits,
  ) {
    this.spill = new KeySpill(folder, limits);
  }

  /** @returns a promise when the caller should wait before it adds more */
  addReferenced(key: string): Promise<void> | undefined {
    if (this.known === undefined) return this.spill.add(referenced(key));
    if (this.known.has(key)) return undefined;
    this.known.add(key);
    this.bytes += key.length + KEY_BYTES;
    return this.bytes > this.limits.memoryBytes ? this.startSpilling(this.known) : undefined;
  }

  /** @returns a promise when the caller should wait before it adds more */
  addReferring(entry: KeyEntry): Promise<void> | undefined {
    if (this.known === undefined) return this.spill.add(entry);
    if (!this.known.has(entry.key)) this.onMissing(entry);
    return undefined;
  }

  async finish(): Promise<void> {
    await this.spill.finish(() => {
      const known = new Set<string>();
      return (entry) => {
        if (entry.file === REFERENCED) known.add(entry.key);
        else if (!known.has(entry.key)) this.onMissing(entry);
      };
    });
  }

  private async startSpilling(known: ReadonlySet<string>): Promise<void> {
    this.known = undefined;
    for (const key of known) await this.spill.add(referenced(key));
  }
}

const referenced = (key: string): KeyEntry => ({ key, file: REFERENCED, row: 0, line: 0 });
