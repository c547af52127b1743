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

/** Values as Arrow has them, in one buffer that is nobody else's. */
export interface WrittenColumn {
  nulls: number;
  /** A bit a row, 1 where it is not null. */
  validity: Uint8Array;
  /** The values; of text, where each begins, and where the last one ends. */
  values: Uint8Array;
  text: Uint8Array;
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

/** Where the parts of a column are in the machine's memory. */
interface Places {
  nulls: number;
  validity: number;
  values: number;
  valuesEnd: number;
  text: number;
  end: number;
}

/** Writes rows as columns, in WebAssembly. */
export class ColumnWriter {
  private readonly machine: Machine<Exports> = machineOf('write-columns');

  /** @param kinds of all columns of the rows */
  constructor(private readonly kinds: readonly ValueKind[]) {}

  /** The rows of a batch that have passed. */
  write(batch: RowBatch): { rows: number; columns: WrittenColumn[] } {
    const { machine, kinds } = this;
    machine.owner = this;
    const rows = batch.length - batch.countRefused();
    const spans = DATA_AT;
    const numbers = batch.length * batch.width * 2;
    const passed = spans + numbers * Int32Array.BYTES_PER_ELEMENT;
    const bytes = passed + batch.length;
    const into = aligned(bytes + batch.used + BEYOND_BYTES);
    machine.reserve(into);
    machine.int32(spans, numbers).set(batch.spans.subarray(0, numbers));
    machine.bytes.set(batch.passed.subarray(0, batch.length), passed);
    batch.bytes.copy(machine.bytes, bytes, 0, batch.used);
    let at = into;
    const places = kinds.map((kind, column) => {
      const from = { bytes, spans: spans + column * BYTES_OF_SPAN, passed };
      const placed = this.writeColumn(kind, batch, from, rows, at);
      at = aligned(placed.end);
      return placed;
    });
    const copy = new Uint8Array(machine.bytes.buffer.slice(into, at));
    const part = (from: number, to: number): Uint8Array => copy.subarray(from - into, to - into);
    const columns = places.map(({ nulls, validity, values, valuesEnd, text, end }) => ({
      nulls,
      validity: part(validity, validity + Math.ceil(rows / 8)),
      values: part(values, valuesEnd),
      text: part(text, end),
    }));
    return { rows, columns };
  }

  private writeColumn(
    kind: ValueKind,
    { length, width }: RowBatch,
    { bytes, spans, passed }: { bytes: number; spans: number; passed: number },
    rows: number,
    validity: number,
  ): Places {
    const { machine } = this;
    const { exports } = machine;
    const { number, bits } = KINDS[kind];
    const rowBytes = width * BYTES_OF_SPAN;
    const isText = kind === 'text';
    const values = aligned(validity + Math.ceil(rows / 8));
    const valuesEnd = values + Math.ceil(((isText ? rows + 1 : rows) * bits) / 8);
    const text = aligned(valuesEnd);
    const textBytes = isText ? exports.countText(spans, rowBytes, passed, length) : 0;
    machine.reserve(aligned(text + textBytes + BEYOND_BYTES));
    exports.writeColumn(number, bytes, spans, rowBytes, passed, length, validity, values, text);
    return {
      ...{ validity, values, valuesEnd, text },
      nulls: exports.nulls.value as number,
      end: exports.end.value as number,
    };
  }
}
