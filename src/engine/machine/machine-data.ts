import { DATA_AT, type Machine } from './machine';

const ALIGNMENT = 8;
/** Where a value begins and where it ends, as a `RowBatch` has it. */
export const BYTES_OF_SPAN = 8;

/** Puts data into a machine's memory, from the beginning of what is not its own; structures have their members in order. */
export class MachineData {
  /** Where the next thing is put. */
  end = DATA_AT;

  constructor(private readonly machine: Machine<object>) {}

  /** How many, then of each its length and its bytes. */
  putWords(words: readonly string[]): number {
    const texts = words.map((word) => Buffer.from(word));
    const numberOf = (number: number): Buffer => Buffer.from(Uint32Array.of(number).buffer);
    return this.putBytes(
      Buffer.concat([numberOf(texts.length), ...texts.flatMap((text) => [numberOf(text.length), text])]),
    );
  }

  putBytes(bytes: Uint8Array): number {
    const at = this.take(bytes.length);
    this.machine.bytes.set(bytes, at);
    return at;
  }

  /** Of 32 bits each. */
  putNumbers(numbers: readonly number[]): number {
    const at = this.take(numbers.length * 4);
    for (const [index, number] of numbers.entries()) this.machine.bytes.writeInt32LE(number, at + index * 4);
    return at;
  }

  /** A double, at a place that 8 divides. */
  putDouble(number: number): number {
    const at = this.take(8);
    this.machine.bytes.writeDoubleLE(number, at);
    return at;
  }

  private take(bytes: number): number {
    const at = this.end;
    this.end = Math.ceil((at + bytes) / ALIGNMENT) * ALIGNMENT;
    this.machine.reserve(this.end);
    return at;
  }
}
