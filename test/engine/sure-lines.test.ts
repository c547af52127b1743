import { column, type ColumnSchema } from '../../src/definition/column';
import { readColumn } from '../../src/definition/read-column';
import { openSureLineReader } from '../../src/engine/machine/open-sure-reader';
import { RowBatch } from '../../src/engine/row-batch';

const LARGEST = 1000;

/** The lines that are sure, from the first on. */
function readSurely(
  schemas: Readonly<Record<string, ColumnSchema>>,
  text: string,
): { rows: unknown[][]; at: number } {
  const columns = Object.entries(schemas).map(([name, schema]) => readColumn(name, schema));
  const bytes = Buffer.from(text);
  const batch = new RowBatch(columns.length);
  batch.clear(bytes, bytes.length);
  const reader = openSureLineReader(columns, LARGEST);
  reader?.show(bytes, 0, bytes.length);
  const place = { at: 0, row: 1, line: 1 };
  const { at } = reader?.read(batch, place) ?? place;
  return { rows: Array.from({ length: batch.length }, (_, index) => batch.texts(index)), at };
}

const ISO = '%Y-%m-%dT%H:%M:%S';

describe('what is read surely of a JSON line', () => {
  it.each<[json: string, schema: ColumnSchema, value: string | null]>([
    ['"é 🎉"', column.string(), 'é 🎉'],
    [String.raw`"a\"\\\/\n\tb"`, column.string(), 'a"\\/\n\tb'],
    ['""', column.string(), ''],
    ['null', column.string().nullable(), null],
    ['""', column.date().nullable(), null],
    ['-12', column.int32(), '-12'],
    ['"12"', column.int32(), '12'],
    ['1.5', column.float64(), '1.5'],
    ['"1.5"', column.decimal(5, 2), '1.50'],
    ['true', column.boolean(), 'true'],
    ['"2024-02-29"', column.date(), '2024-02-29'],
    ['"2024-02-29T01:02:03"', column.timestamp({ format: ISO }), '2024-02-29 01:02:03.000000'],
  ])('takes in %s', (json, schema, value) => {
    const schemas = { 'a "b"': column.string(), c: schema, d: column.int64() };
    for (const lineEnd of ['\n', '\r\n']) {
      const text = String.raw`{"a \"b\"":"x","c":${json},"d":7}` + lineEnd;
      expect(readSurely(schemas, text + text).rows).toEqual([
        ['x', value, '7'],
        ['x', value, '7'],
      ]);
    }
  });

  it.each<[line: string, schema?: ColumnSchema]>([
    [String.raw`{"a":"\u0041"}`],
    [String.raw`{"a":"\x"}`],
    ['{"a":"\t"}'],
    ['{"a": "x"}'],
    ['{"a":"x" }'],
    ['{"b":"x"}'],
    ['{"a":"x","b":1}'],
    ['{"a":"x"}}'],
    ['{"a":"x"'],
    ['{"a":"x'],
    ['{"a":1}'],
    ['{"a":true}'],
    ['{"a":null}'],
    ['{"a":nul}', column.string().nullable()],
    ['{"a":nullx}', column.string().nullable()],
    ['{"a":tru}', column.boolean()],
    ['{"a":01}', column.int32()],
    ['{"a":}', column.int32()],
    ['{}', column.int32()],
    [''],
    [`{"a":"${'x'.repeat(LARGEST)}"}`],
  ])('leaves %s to others', (line, schema = column.string()) => {
    expect(readSurely({ a: schema }, `${line}\n`)).toEqual({ rows: [], at: 0 });
  });

  it('is up to the first that is not, or is not whole', () => {
    const line = '{"a":"x\\n"}\n';
    expect(readSurely({ a: column.string() }, `${line}${line}{"a": 1}\n${line}`)).toEqual({
      rows: [['x\n'], ['x\n']],
      at: 24,
    });
    expect(readSurely({ a: column.string() }, line + line.slice(0, -1)).at).toBe(12);
  });
});
