import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import pl from 'nodejs-polars';
import { column } from '../../src';
import type { ColumnSchema } from '../../src/definition/column';
import { readColumn, type Column } from '../../src/definition/read-column';
import { polarsType, scanArrow } from '../../src/engine/polars-frame';
import { RowBatch } from '../../src/engine/row-batch';
import { createArrowWriter } from '../../src/engine/write-arrow';
import { inTempPlace } from '../../src/engine/temp-place';

type Value = string | null;

function batchOf(rows: readonly Value[][], width: number): RowBatch {
  const batch = new RowBatch(width);
  for (const [row, values] of rows.entries()) {
    const at = batch.begin(row + 1, row + 1);
    values.forEach((value, index) => batch.set(at + index * 2, value));
  }
  return batch;
}

const inPlace = <R>(work: (place: { path: string; ended: AbortSignal }) => Promise<R>): Promise<R> =>
  inTempPlace(join(tmpdir(), 'landfall-arrow-'), ({ tempFolder, ended }) =>
    work({ path: join(tempFolder, 'rows.arrow'), ended }),
  );

const digitsOf = (bits: number) => {
  const most = 2n ** BigInt(bits - 1);
  return fc.bigInt({ min: -most, max: most - 1n }).map(String);
};
const decimalOf = (precision: number, scale: number) =>
  fc.bigInt({ min: -(10n ** BigInt(precision)) + 1n, max: 10n ** BigInt(precision) - 1n }).map((number) => {
    const digits = String(number < 0n ? -number : number).padStart(scale + 1, '0');
    const whole = digits.slice(0, digits.length - scale);
    const sign = number < 0n ? '-' : '';
    return scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-scale)}`;
  });
const days = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const microseconds = fc.integer({ min: 0, max: 999_999 }).map((each) => String(each).padStart(6, '0'));

const TYPES: readonly [name: string, of: ColumnSchema, values: fc.Arbitrary<string>][] = [
  ['int8', column.int8(), digitsOf(8)],
  ['int16', column.int16(), digitsOf(16)],
  ['int32', column.int32(), digitsOf(32)],
  ['int64', column.int64(), digitsOf(64)],
  ['decimal of two words', column.decimal(38, 10), decimalOf(38, 10)],
  ['decimal without places', column.decimal(38, 0), decimalOf(38, 0)],
  ['short decimal', column.decimal(12, 2), decimalOf(12, 2)],
  ['decimal of nineteen digits', column.decimal(19, 19), decimalOf(19, 19)],
  ['date', column.date(), days.map((text) => text.slice(0, 10))],
  [
    'timestamp',
    column.timestamp(),
    fc.tuple(days, microseconds).map(([text, more]) => `${text.slice(0, 10)} ${text.slice(11, 19)}.${more}`),
  ],
  ['float64', column.float64(), fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)],
];

/** What Polars makes of the same texts by itself. */
const castByPolars = (values: readonly Value[], { type }: Column) =>
  pl
    .DataFrame([
      pl.Series(
        'c',
        values.map((value) => value?.replace(' ', 'T') ?? null),
        pl.Utf8,
      ),
    ])
    .select(pl.col('c').cast(polarsType(type), true));

/** Decimals have no value in JavaScript. */
const textsOf = (frame: pl.DataFrame) => frame.select(pl.col('c').cast(pl.Utf8)).toObject();

describe('rows as Arrow', () => {
  it.each(TYPES)('have the values that Polars casts the texts to: %s', async (_, schema, values) => {
    const of = readColumn('c', schema.nullable());
    const property = fc.asyncProperty(
      fc.array(fc.tuple(fc.option(values, { nil: null }), fc.boolean()), { minLength: 1, maxLength: 40 }),
      (rows) =>
        inPlace(async ({ path, ended }) => {
          const writer = createArrowWriter(path, ended, [of]);
          const batch = batchOf(
            rows.map(([value]) => [value]),
            1,
          );
          rows.forEach(([, passed], index) => {
            if (!passed) batch.refuse(index, undefined);
          });
          await writer.write(batch);
          await writer.end();
          const kept = rows.filter(([, passed]) => passed).map(([value]) => value);
          const read = await scanArrow(path, [of]).collect();
          const expected = castByPolars(kept, of);
          expect(read.schema).toEqual(expected.schema);
          expect(textsOf(read)).toEqual(textsOf(expected));
          expect(read.height).toBe(kept.length);
          // Of no rows Polars says that they differ.
          expect(kept.length === 0 || read.frameEqual(expected, true)).toBe(true);
        }),
    );
    await fc.assert(property, { seed: 20_261_124, numRuns: 60 });
  });

  it('of several columns and batches, with others behind them', () =>
    inPlace(async ({ path, ended }) => {
      const columns = [
        readColumn('text', column.string().nullable()),
        readColumn('is', column.boolean().nullable()),
        readColumn('n', column.int16().nullable()),
      ];
      const added = [readColumn('version', column.string()), readColumn('landed', column.int64())];
      const writer = createArrowWriter(path, ended, columns, added);
      const first = [
        ['é, "a"\n', 'true', '-1'],
        ['', 'false', null],
        [null, null, '32767'],
      ];
      const second = Array.from({ length: 70_000 }, (_, row) => [
        `${row}`,
        row % 3 === 0 ? 'true' : 'false',
        '7',
      ]);
      await writer.write(batchOf(first, 3), ['v1', '1534968800']);
      await writer.write(batchOf(second, 3), ['v2', '-1']);
      await writer.end();
      expect(readFileSync(path)).toHaveLength(writer.bytes);
      const table = tableFromIPC(readFileSync(path));
      expect(table.numRows).toBe(70_003);
      const row = (index: number): unknown[] => Object.values(table.get(index)?.toJSON() ?? {});
      expect(row(0)).toEqual(['é, "a"\n', true, -1, 'v1', 1_534_968_800n]);
      expect(row(1)).toEqual(['', false, null, 'v1', 1_534_968_800n]);
      expect(row(2)).toEqual([null, null, 32_767, 'v1', 1_534_968_800n]);
      expect(row(3)).toEqual(['0', true, 7, 'v2', -1n]);
      expect(row(70_002)).toEqual(['69999', true, 7, 'v2', -1n]);
    }));

  it('have their columns where there is no row', () =>
    inPlace(async ({ path, ended }) => {
      const columns = [readColumn('a', column.decimal(12, 2)), readColumn('b', column.timestamp())];
      const writer = createArrowWriter(path, ended, columns);
      await writer.end();
      const read = await scanArrow(path, columns).collect();
      expect(read.height).toBe(0);
      expect(read.columns).toEqual(['a', 'b']);
    }));
});
