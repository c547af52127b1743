import type { RowBatch } from '../row-batch';
import { machineOf, type Machine } from './machine';
import { BYTES_OF_SPAN, MachineData } from './machine-data';

/** How a value in canonical form is written. */
export type ValueForm = 'unchanged' | 'quoted' | 'json-string';

const FORMS: Record<ValueForm, number> = {
  unchanged: 0,
  quoted: 1,
  'json-string': 2,
};

export interface LineColumn {
  /** What stands ahead of the value. */
  prefix: string;
  form: ValueForm;
}

const QUOTES_BYTES = 2;
/** What the machine may write beyond what it has said. */
const BEYOND_BYTES = 8;
const ROOM_BYTES = 1024 * 1024;
const SHORT_ESCAPES: Readonly<Record<number, string>> = { 8: 'b', 9: 't', 10: 'n', 12: 'f', 13: 'r' };
const ESCAPES = Uint8Array.from({ length: 32 }, (_, code) => SHORT_ESCAPES[code]?.charCodeAt(0) ?? 0);

interface Exports {
  /** Of what was written last. */
  needed: WebAssembly.Global;
  end: WebAssembly.Global;
  written: WebAssembly.Global;
  /** As assembly/write-lines.ts has it. */
  writeLines(
    ...args: [
      bytes: number,
      lines: number,
      spans: number,
      passed: number,
      from: number,
      count: number,
      into: number,
      until: number,
    ]
  ): number;
}

/** Writes rows as lines of JSON, in WebAssembly. */
export class LineWriter {
  private readonly machine: Machine<Exports>;
  private lines = 0;
  private free = 0;

  constructor(
    private readonly columns: readonly LineColumn[],
    private readonly lineEnd: string,
  ) {
    this.machine = machineOf<Exports>('write-lines');
  }

  /** The rows of a batch that have passed, in pieces, and how many each of them has; each is nobody else's. */
  *write(batch: RowBatch): Generator<{ bytes: Buffer; rows: number }> {
    const { machine } = this;
    for (let row = 0, room = ROOM_BYTES; row < batch.length;) {
      // Whoever gets a piece may take its time, in which the machine is others' too.
      const { bytes, spans, passed, into } = this.place(batch, room);
      const { exports } = machine;
      row = exports.writeLines(bytes, this.lines, spans, passed, row, batch.length, into, into + room);
      const end = exports.end.value as number;
      room = Math.max(ROOM_BYTES, exports.needed.value as number);
      if (end > into)
        yield {
          bytes: Buffer.from(machine.bytes.subarray(into, end)),
          rows: exports.written.value as number,
        };
    }
  }

  private place(batch: RowBatch, room: number) {
    const { machine } = this;
    if (machine.owner !== this) {
      machine.owner = undefined;
      this.putLines();
      machine.owner = this;
    }
    const count = batch.length * batch.width * 2;
    const spans = this.free;
    const passed = spans + count * Int32Array.BYTES_PER_ELEMENT;
    const bytes = passed + batch.length;
    const into = bytes + batch.used;
    machine.reserve(into + room + BEYOND_BYTES);
    machine.int32(spans, count).set(batch.spans.subarray(0, count));
    machine.bytes.set(batch.passed.subarray(0, batch.length), passed);
    batch.bytes.copy(machine.bytes, bytes, 0, batch.used);
    return { bytes, spans, passed, into };
  }

  private putLines(): void {
    const data = new MachineData(this.machine);
    const nullText = Buffer.from('null');
    const lineEnd = Buffer.from(this.lineEnd);
    const prefixes = this.columns.map(({ prefix }) => Buffer.from(prefix));
    const nullAt = data.putBytes(nullText);
    const columns = this.columns.flatMap(({ form }, index) => {
      const prefix = prefixes[index] as Buffer;
      return [data.putBytes(prefix), prefix.length, FORMS[form], nullAt, nullText.length];
    });
    const fixed = prefixes.reduce((sum, { length }) => sum + length + QUOTES_BYTES + nullText.length, 0);
    this.lines = data.putNumbers([
      this.columns.length,
      data.putNumbers(columns),
      data.putBytes(lineEnd),
      lineEnd.length,
      this.columns.length * BYTES_OF_SPAN,
      fixed + lineEnd.length,
      data.putBytes(ESCAPES),
      data.putBytes(Buffer.from('0123456789abcdef')),
    ]);
    this.free = data.end;
  }
}
