import fc from 'fast-check';
import { collectFindings } from '../../src/checks/collect-findings';
import { compileColumn } from '../../src/checks/compile-column';
import { isFault } from '../../src/checks/value-reader';
import { column, type ColumnSchema } from '../../src/definition/column';
import { csv, type CsvFormat } from '../../src/definition/format';
import { STRICT_HEADER } from '../../src/definition/header-policy';
import { readColumn } from '../../src/definition/read-column';
import { CsvJudge } from '../../src/engine/judge-csv-rows';
import { openSureReader } from '../../src/engine/machine/open-sure-reader';
import { RowBatch } from '../../src/engine/row-batch';
import { COLUMNS, NEAR_MISSES, VALUES } from '../checks/every-column';

const FORMAT = csv({ header: false });

/** The rows that are sure, from the first record on. */
function readSurely(
  schemas: readonly ColumnSchema[],
  text: string,
  format: CsvFormat = FORMAT,
  to?: number,
): { rows: unknown[][]; at: number } {
  const columns = schemas.map((schema, index) => readColumn(`c${index}`, schema));
  const judge = new CsvJudge(
    { columns, header: STRICT_HEADER, format },
    collectFindings('t', 'f'),
    undefined,
  );
  const reader = openSureReader(format, judge);
  const bytes = Buffer.from(text);
  const batch = new RowBatch(columns.length);
  batch.clear(bytes, bytes.length);
  let place = { at: 0, row: 1, line: 1 };
  reader?.show(bytes, 0, to ?? bytes.length);
  for (let before = -1; reader && before < place.at;) {
    before = place.at;
    place = reader.read(batch, place);
  }
  expect(place.row).toBe(batch.length + 1);
  return { rows: Array.from({ length: batch.length }, (_, index) => batch.texts(index)), at: place.at };
}

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

describe('what is read surely', () => {
  it.each(Object.entries(COLUMNS))('%s: is what is read as text', (_name, columns) => {
    fc.assert(
      fc.property(
        columns,
        fc.boolean(),
        fc.array(fc.oneof(VALUES, NEAR_MISSES), { minLength: 12, maxLength: 24 }),
        fc.boolean(),
        (plain, nullable, texts, quoted) => {
          const schema = nullable ? plain.nullable() : plain;
          const read = compileColumn(readColumn('c', schema));
          for (const given of texts.map((each) => Buffer.from(each).toString())) {
            if (!quoted && /[",\r\n]/.test(given)) continue;
            const { rows } = readSurely([schema], `${quoted ? quote(given) : given}\n`);
            const value = read(given, quoted);
            const sure = isFault(value) || rows.length === 0 ? [] : [[value]];
            expect([given, rows]).toEqual([given, sure]);
          }
        },
      ),
      { seed: 20_261_123, numRuns: 60 },
    );
  });

  it.each<[what: string, schema: ColumnSchema, field: string, value: string | null]>([
    ['text', column.string(), 'é 🎉', 'é 🎉'],
    ['text in quotes', column.string(), '"a, ""b""\r\n"', 'a, "b"\r\n'],
    ['empty text', column.string().nullable(), '""', ''],
    ['null', column.string().nullable(), '', null],
    ['a word for null', column.int32({ nullTexts: ['NA', '-'] }).nullable(), '-', null],
    ['null in quotes', column.int32().nullable(), '""', null],
    ['an integer', column.int8().min(-5), '-5', '-5'],
    ['a long integer', column.int64(), '-999999999999999999', '-999999999999999999'],
    ['a decimal', column.decimal(8, 2, { max: '12.5' }), '12.50', '12.50'],
    ['a decimal with fewer places', column.decimal(8, 2), '-3', '-3.00'],
    ['a double', column.float64().max(0.25), '0.25', '0.25'],
    ['a boolean', column.boolean(), 'false', 'false'],
    ['one of some', column.oneOf(['a', 'bb']), 'bb', 'bb'],
    ['a pattern', column.string({ pattern: /[A-Z]{2}\d{1,3}/ }), 'AB12', 'AB12'],
    ['lengths', column.string().min(2).max(3), 'éé', 'éé'],
    ['a date', column.date({ min: '2024-02-29' }), '2024-02-29', '2024-02-29'],
    ['a date in another form', column.date({ format: '%d/%m/%Y' }), '29/02/2000', '2000-02-29'],
    [
      'a timestamp',
      column.timestamp({ format: '%Y-%m-%dT%H:%M:%S%.f' }),
      '2024-01-02T03:04:05.6',
      '2024-01-02 03:04:05.600000',
    ],
  ])('takes in %s', (_what, schema, field, value) => {
    // Behind a field that ends, and ahead of one that is to come.
    const { rows } = readSurely([column.string(), schema, column.string()], `x,${field},y\n`);
    expect(rows).toEqual([['x', value, 'y']]);
  });

  const ISO = column.timestamp({ format: '%Y-%m-%dT%H:%M:%S' });
  it.each<[field: string, schema: ColumnSchema]>([
    ['128', column.int8()],
    ['01', column.int32()],
    ['-0', column.int32()],
    ['+1', column.int32()],
    ['1e2', column.float64()],
    ['0.0000001', column.float64()],
    ['0.10', column.float64()],
    ['-0.00', column.decimal(5, 2)],
    ['1.234', column.decimal(5, 2)],
    ['1234', column.decimal(5, 2)],
    ['2024-04-31', column.date()],
    ['1900-02-29', column.date()],
    ['0000-01-01', column.date()],
    ['2024-1-01', column.date()],
    ['2024-01-02T24:00:00', ISO],
    ['2024-01-02T23:60:00', ISO],
    ['2024-01-02T23:59:60', ISO],
    ['2024-01-02 23:59:59', ISO],
    ['2024-01-02T23:59:59.5', ISO],
    ['TRUE', column.boolean()],
    ['c', column.oneOf(['a', 'b'])],
    ['"a""b"', column.string().max(3)],
    ['"a""b"', column.string().min(4)],
    ['"1""2"', column.int32()],
    ['', column.int32()],
  ])('leaves %s to others', (field, schema) => {
    expect(readSurely([column.string(), schema], `x,${field}\n`)).toEqual({ rows: [], at: 0 });
  });

  it('ends with the first record that is not whole, or not sure, and leaves it as it was', () => {
    const schemas = [column.string(), column.int32()];
    const text = 'a,1\r\n"b""c",2\n"d""e",3';
    expect(readSurely(schemas, `${text}x\n`)).toEqual({
      rows: [
        ['a', '1'],
        ['b"c', '2'],
      ],
      at: 14,
    });
    expect(readSurely(schemas, text).at).toBe(14);
    for (let to = 0; to <= 14; to += 1) {
      const { at } = readSurely(schemas, `${text}\n`, FORMAT, to);
      expect(at).toBe(to < 5 ? 0 : to < 14 ? 5 : 14);
    }
  });

  it('holds what the format says of quotes, delimiters and the length of records', () => {
    const schemas = [column.string(), column.string()];
    expect(readSurely(schemas, 'a;"b"\n', csv({ header: false, delimiter: ';', quote: null })).rows).toEqual([
      ['a', '"b"'],
    ]);
    const short = csv({ header: false, limits: { rowCharacters: 5 } });
    expect(readSurely(schemas, 'a,bc\na,bcd\n', short).rows).toEqual([['a', 'bc']]);
  });

  it('writes what takes more room than the file has, and reads more rows than fit at once', () => {
    const rows = 40_000;
    const text = Array.from({ length: rows }, (_, index) => `${index % 10}\n`).join('');
    const read = readSurely([column.decimal(38, 30)], text);
    expect(read.rows.length).toBeGreaterThan(1000);
    expect(read.rows.every(([value], index) => value === `${index % 10}.${'0'.repeat(30)}`)).toBe(true);
    expect(readSurely([column.int32()], text).rows).toHaveLength(rows);
  });
});
