import { randomInt } from 'node:crypto';
import { doubled, withRoom } from './enlarge';
import { hashKey, type KeySpan } from './key-span';

/** Another one in each process, so that no file can be made whose keys all meet in one place. */
const SEED = randomInt(2 ** 31);
const FIRST_SLOTS = 256;
const FIRST_BYTES = 1024;

/** A set of keys that gives each a number, in the order in which they came: bytes side by side, found by their hash. */
export class KeyTable {
  size = 0;
  /** Number + 1 of the key in the slot; 0 where it is empty. */
  private slots = new Int32Array(FIRST_SLOTS);
  // By number.
  private hashes = new Int32Array(FIRST_SLOTS / 2);
  private ends = new Int32Array(FIRST_SLOTS / 2);
  private keys: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);

  /** Of memory that it takes. */
  get bytes(): number {
    return this.keys.length + (this.slots.length + this.hashes.length + this.ends.length) * 4;
  }

  /** @returns the key's number, or -1 */
  find(key: KeySpan): number {
    return (this.slots[this.slotOf(key, hashKey(key, SEED) | 0)] as number) - 1;
  }

  /** @returns whether it is new */
  add(key: KeySpan): boolean {
    const hash = hashKey(key, SEED) | 0;
    const slot = this.slotOf(key, hash);
    if (this.slots[slot] !== 0) return false;
    const number = this.size;
    const start = number === 0 ? 0 : (this.ends[number - 1] as number);
    const end = start + key.end - key.start;
    this.keys = withRoom(this.keys, start, end - start);
    // Keys are short: a call of Buffer's own copy takes longer than they do.
    for (let at = 0; at < end - start; at += 1) this.keys[start + at] = key.bytes[key.start + at] as number;
    this.hashes[number] = hash;
    this.ends[number] = end;
    this.slots[slot] = number + 1;
    this.size += 1;
    if (this.size === this.hashes.length) this.enlarge();
    return true;
  }

  /** The key of a number, until another is added. */
  key(number: number): KeySpan {
    const start = number === 0 ? 0 : (this.ends[number - 1] as number);
    return { bytes: this.keys, start, end: this.ends[number] as number };
  }

  /** Where the key is, or would go. */
  private slotOf(key: KeySpan, hash: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = (this.slots[slot] as number) - 1;
      if (number === -1 || (this.hashes[number] === hash && this.isKey(number, key))) return slot;
    }
  }

  private isKey(number: number, { bytes, start, end }: KeySpan): boolean {
    const own = number === 0 ? 0 : (this.ends[number - 1] as number);
    const length = end - start;
    if ((this.ends[number] as number) - own !== length) return false;
    for (let at = 0; at < length; at += 1) if (this.keys[own + at] !== bytes[start + at]) return false;
    return true;
  }

  private enlarge(): void {
    this.hashes = doubled(this.hashes);
    this.ends = doubled(this.ends);
    this.slots = new Int32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    for (let number = 0; number < this.size; number += 1) {
      let slot = (this.hashes[number] as number) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = number + 1;
    }
  }
}
