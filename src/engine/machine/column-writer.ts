import type { RowBatch } from '../row-batch';
import { DATA_AT, machineOf, type Machine } from './machine';
import { BYTES_OF_SPAN } from './machine-data';

/** How the values of a column are written; each from its canonical form. */
export type ValueKind =
  'text' | 'int8' | 'int16' | 'int32' | 'int64' | 'decimal' | 'date' | 'timestamp' | 'boolean';

/** As assembly/write-columns.ts has it, and bits a value: of a text, those of where it begins. */
const KINDS: Record<ValueKind, { number: number; bits: number }> = {
  text: { number: 0, bits: 32 },
  int8: { number: 1, bits: 8 },
  int16: { number: 2, bits: 16 },
  int32: { number: 3, bits: 32 },
  int64: { number: 4, bits: 64 },
  decimal: { number: 5, bits: 128 },
  date: { number: 6, bits: 32 },
  timestamp: { number: 7, bits: 64 },
  boolean: { number: 8, bits: 1 },
};
/** Where numbers of any kind may begin. */
const ALIGNMENT = 16;
/** What the machine may write beyond what it has said. */
const BEYOND_BYTES = 8;

const aligned = (at: number): number => Math.ceil(at / ALIGNMENT) * ALIGNMENT;

interface Place {
  at: number;
  bytes: number;
}
/** Which rows are null need not be said where none is. */
const NOWHERE: Place = { at: 0, bytes: 0 };

/** A column as Arrow has it: which rows are not null, as bits; the values; of text, where each begins, and the texts. */
interface WrittenColumn {
  nulls: number;
  /** Of these, in the body. */
  places: Place[];
}

/** Rows as columns, in one buffer that is nobody else's. */
export interface WrittenColumns {
  rows: number;
  columns: WrittenColumn[];
  body: Uint8Array;
}

interface Exports {
  /** Of the column written last. */
  nulls: WebAssembly.Global;
  end: WebAssembly.Global;
  /** As assembly/write-columns.ts has them. */
  countText(...args: [spans: number, rowBytes: number, passed: number, count: number]): number;
  writeColumn(
    ...args: [
      kind: number,
      bytes: number,
      spans: number,
      rowBytes: number,
      passed: number,
      count: number,
      validity: number,
      values: number,
      text: number,
    ]
  ): void;
}

/** Writes rows as columns, in WebAssembly. */
export class ColumnWriter {
  private readonly machine: Machine<Exports> = machineOf('write-columns');
  /** Where the body begins in the machine's memory, and ends so far. */
  private from = 0;
  private to = 0;

  /** @param kinds of all columns of the rows */
  constructor(private readonly kinds: readonly ValueKind[]) {}

  /**
   * The rows of a batch that have passed.
   * @param behind columns that have the same value in all rows: numbers are of 64 bits
   */
  write(batch: RowBatch, behind: readonly (string | bigint)[] = []): WrittenColumns {
    const { machine, kinds } = this;
    machine.owner = this;
    const rows = batch.length - batch.countRefused();
    const spans = DATA_AT;
    const numbers = batch.length * batch.width * 2;
    const passed = spans + numbers * Int32Array.BYTES_PER_ELEMENT;
    const bytes = passed + batch.length;
    this.from = aligned(bytes + batch.used + BEYOND_BYTES);
    this.to = this.from;
    machine.reserve(this.from);
    machine.int32(spans, numbers).set(batch.spans.subarray(0, numbers));
    machine.bytes.set(batch.passed.subarray(0, batch.length), passed);
    batch.bytes.copy(machine.bytes, bytes, 0, batch.used);
    const columns = kinds.map((kind, column) =>
      this.writeColumn(kind, batch, { bytes, spans: spans + column * BYTES_OF_SPAN, passed }, rows),
    );
    for (const value of behind)
      columns.push(typeof value === 'bigint' ? this.repeatNumber(value, rows) : this.repeatText(value, rows));
    return { rows, columns, body: new Uint8Array(machine.bytes.buffer.slice(this.from, this.to)) };
  }

  private writeColumn(
    kind: ValueKind,
    { length, width }: RowBatch,
    { bytes, spans, passed }: { bytes: number; spans: number; passed: number },
    rows: number,
  ): WrittenColumn {
    const { exports } = this.machine;
    const { number, bits } = KINDS[kind];
    const rowBytes = width * BYTES_OF_SPAN;
    const isText = kind === 'text';
    const validity = this.take(Math.ceil(rows / 8));
    const values = this.take(Math.ceil(((isText ? rows + 1 : rows) * bits) / 8));
    const text = this.take(isText ? exports.countText(spans, rowBytes, passed, length) : 0);
    exports.writeColumn(number, bytes, spans, rowBytes, passed, length, validity.at, values.at, text.at);
    const places = isText ? [validity, values, text] : [validity, values];
    return { nulls: exports.nulls.value as number, places: places.map((place) => this.inBody(place)) };
  }

  private repeatNumber(value: bigint, rows: number): WrittenColumn {
    const values = this.take(rows * BigInt64Array.BYTES_PER_ELEMENT);
    new BigInt64Array(this.machine.bytes.buffer, values.at, rows).fill(value);
    return { nulls: 0, places: [NOWHERE, this.inBody(values)] };
  }

  private repeatText(value: string, rows: number): WrittenColumn {
    const length = Buffer.byteLength(value);
    const starts = this.take((rows + 1) * Int32Array.BYTES_PER_ELEMENT);
    const text = this.take(length * rows);
    const { machine } = this;
    const each = machine.int32(starts.at, rows + 1);
    for (let row = 0; row <= rows; row += 1) each[row] = row * length;
    if (length > 0) machine.bytes.fill(value, text.at, text.at + text.bytes);
    return { nulls: 0, places: [NOWHERE, this.inBody(starts), this.inBody(text)] };
  }

  private take(bytes: number): Place {
    const at = this.to;
    this.to = aligned(at + bytes);
    this.machine.reserve(this.to + BEYOND_BYTES);
    return { at, bytes };
  }

  private inBody({ at, bytes }: Place): Place {
    return { at: at - this.from, bytes };
  }
}
