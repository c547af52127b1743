import fc from 'fast-check';
import { LineWriter } from '../../src/engine/machine/line-writer';
import { RowBatch } from '../../src/engine/row-batch';

const WIDTH = 2;
type Value = string | null;

function batchOf(rows: readonly Value[][]): RowBatch {
  const batch = new RowBatch(WIDTH);
  for (const [row, values] of rows.entries()) {
    const at = batch.begin(row + 1, row + 1);
    values.forEach((value, column) => batch.set(at + column * 2, value));
  }
  return batch;
}

const jsonWriter = (lineEnd = '}\n'): LineWriter =>
  new LineWriter(
    [
      { prefix: '{"a":', form: 'json-string' },
      { prefix: ',"é":', form: 'quoted' },
    ],
    lineEnd,
  );
const textOf = (pieces: Iterable<{ bytes: Buffer }>): string =>
  Buffer.concat(Array.from(pieces, ({ bytes }) => bytes)).toString();
const asJson = (rows: readonly Value[][]): string =>
  rows.map(([a, b]) => `{"a":${JSON.stringify(a)},"é":${b === null ? 'null' : `"${b}"`}}\n`).join('');

describe('lines of JSON', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '"', '\\', '\n', '\u0000', '\u001f', '\u007f', 'é', '🎉', ' '),
  });

  it('have the escapes that JSON.stringify has', () => {
    const row = fc.tuple(
      fc.option(text),
      fc.option(fc.constantFrom('', '1.50', '2024-01-01 00:00:00.000000')),
    );
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        expect(textOf(jsonWriter().write(batchOf(rows)))).toBe(asJson(rows));
      }),
      { seed: 20_261_123 },
    );
  });

  it('come in pieces, however long one is', () => {
    const rows = [
      ['x', null],
      ['\u0001'.repeat(700_000), 'y'],
      ...Array<Value[]>(9000).fill(['z'.repeat(300), null]),
    ];
    const pieces = [...jsonWriter().write(batchOf(rows))];
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.reduce((sum, piece) => sum + piece.rows, 0)).toBe(rows.length);
    expect(textOf(pieces)).toBe(asJson(rows));
  });

  it('of several writers in turn, and of rows that have not passed, do not mix', () => {
    const [one, other] = [jsonWriter(), jsonWriter(',"v":1}\n')];
    const rows = Array.from({ length: 9000 }, (_, row): Value[] => [`${row}`.repeat(60), 'b']);
    const batch = batchOf(rows);
    batch.refuse(1, undefined);
    const written = [[], []] as Buffer[][];
    const turns = [one.write(batch), other.write(batch)];
    for (let ended = 0; ended < turns.length;) {
      ended = 0;
      turns.forEach((turn, index) => {
        const next = turn.next();
        if (next.done) ended += 1;
        else written[index]?.push(next.value.bytes);
      });
    }
    const expected = asJson(rows.filter((_, row) => row !== 1));
    expect(Buffer.concat(written[0] ?? []).toString()).toBe(expected);
    expect(Buffer.concat(written[1] ?? []).toString()).toBe(expected.replaceAll('}\n', ',"v":1}\n'));
  });
});
