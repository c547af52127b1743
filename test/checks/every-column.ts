import fc from 'fast-check';
import { column, type ColumnSchema } from '../../src/definition/column';

const NULL_TEXTS = fc.constantFrom(undefined, [], [''], ['NA', 'null', '']);
const BOUND_PLACES = 3;

const sorted = <T>(one: T, other: T): [T, T] => (one <= other ? [one, other] : [other, one]);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const toDay = (date: Date): string => date.toISOString().slice(0, 10);
const days = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });

/** Between the two, or either side of them left open. */
function bounded<S, T>(
  schema: S,
  [least, most]: [T | undefined, T | undefined],
  min: (schema: S, bound: T) => S,
  max: (schema: S, bound: T) => S,
): S {
  const from = least === undefined ? schema : min(schema, least);
  return most === undefined ? from : max(from, most);
}

function numberColumns(make: (options: object) => ReturnType<typeof column.int32>, largest: number) {
  const bound = fc.integer({ min: -largest, max: largest });
  return fc
    .tuple(NULL_TEXTS, bound, bound, fc.boolean(), fc.boolean())
    .map(([nullTexts, one, other, low, high]) => {
      const [least, most] = sorted(one, other);
      return bounded(
        make({ ...(nullTexts && { nullTexts }) }),
        [low ? least : undefined, high ? most : undefined],
        (each, value) => each.min(value),
        (each, value) => each.max(value),
      );
    });
}

const options = NULL_TEXTS.map((nullTexts) => (nullTexts ? { nullTexts } : {}));
const decimalText = fc.tuple(fc.bigInt({ min: -99_999n, max: 99_999n })).map(([scaled]) => scaled);
const toDecimal = (scaled: bigint): string => {
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(BOUND_PLACES + 1, '0');
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, -BOUND_PLACES)}.${digits.slice(-BOUND_PLACES)}`;
};
const range = <T>(one: fc.Arbitrary<T>, toText: (value: T) => string) =>
  fc.tuple(one, one, fc.boolean(), fc.boolean()).map(([a, b, low, high]) => {
    const [least, most] = sorted(a, b);
    return { ...(low && { min: toText(least) }), ...(high && { max: toText(most) }) };
  });

/** Columns of every type, with all that can be asked of them. */
export const COLUMNS: Record<string, fc.Arbitrary<ColumnSchema>> = {
  string: fc
    .tuple(
      options,
      maybe(
        fc.constantFrom(/[a-z]+/, /a|b/i, /\d{2,4}/, /\p{L}*/u, /[A-Z]\d{0,3}/, /0*/, /\d{2}\/\d{2}\/\d+/),
      ),
      fc.nat(3),
      fc.nat(6),
    )
    .map(([rest, pattern, least, more]) =>
      column
        .string({ ...rest, ...(pattern && { pattern }) })
        .min(least)
        .max(least + more),
    ),
  oneOf: options.map((rest) => column.oneOf(['a', 'Ab', '007', ' ', 'Na'], rest)),
  boolean: options.map((rest) =>
    column.boolean({ ...rest, trueTexts: ['Y', '1', 'true'], falseTexts: ['N', '0'] }),
  ),
  int8: numberColumns((rest) => column.int8(rest), 127),
  int16: numberColumns((rest) => column.int16(rest), 32_767),
  int32: numberColumns((rest) => column.int32(rest), 2 ** 31 - 1),
  uint8: fc.tuple(options).map(([rest]) => column.uint8(rest)),
  uint16: fc.tuple(options).map(([rest]) => column.uint16(rest)),
  uint32: fc.tuple(options).map(([rest]) => column.uint32(rest)),
  int64: fc
    .tuple(
      options,
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    )
    .map(([rest, one, other]) =>
      bounded(
        column.int64(rest),
        sorted(one, other),
        (each, value) => each.gte(value),
        (each, value) => each.lte(value),
      ),
    ),
  'int64, refined': options.map((rest) => column.int64(rest).refine((value) => value % 3n !== 0n)),
  float32: fc
    .tuple(options, maybe(fc.integer()))
    .map(([rest, least]) => (least === undefined ? column.float32(rest) : column.float32(rest).gt(least))),
  float64: fc
    .tuple(
      options,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    )
    .map(([rest, one, other]) =>
      bounded(
        column.float64(rest),
        sorted(one, other),
        (each, value) => each.min(value),
        (each, value) => each.max(value),
      ),
    ),
  decimal: fc
    .tuple(options, range(decimalText, toDecimal), fc.integer({ min: 5, max: 35 }))
    .map(([rest, bounds, precision]) => column.decimal(precision, BOUND_PLACES, { ...rest, ...bounds })),
  date: fc
    .tuple(options, range(days, toDay), fc.boolean())
    .map(([rest, bounds, slashes]) =>
      column.date({ ...rest, ...bounds, ...(slashes && { format: '%d/%m/%Y' }) }),
    ),
  timestamp: fc
    .tuple(
      options,
      range(days, (date) => date.toISOString().slice(0, 19)),
    )
    .map(([rest, bounds]) => column.timestamp({ ...rest, ...bounds })),
  'timestamp with an offset': fc
    .tuple(
      options,
      range(days, (date) => date.toISOString().slice(0, 19)),
    )
    .map(([rest, bounds]) => column.timestamp({ ...rest, ...bounds, format: '%Y-%m-%dT%H:%M:%S%.f%z' })),
  'timestamp as an epoch': fc
    .tuple(
      options,
      range(days, (date) => date.toISOString().slice(0, 19)),
    )
    .map(([rest, bounds]) => column.timestamp({ ...rest, ...bounds, format: '%s%.f' })),
  base64: options.map((rest) => column.binary({ ...rest, encoding: 'base64' })),
  hex: options.map((rest) => column.binary({ ...rest, encoding: 'hex' })),
};

/** Values of every type, and texts that a person or a program would take for one. */
export const VALUES = fc.oneof(
  fc.integer({ min: -300, max: 70_000 }).map(String),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.double().map(String),
  fc.float().map(String),
  decimalText.map(toDecimal),
  days.map(toDay),
  days.map((date) => toDay(date).split('-').reverse().join('/')),
  fc.tuple(fc.nat(32), fc.nat(13), fc.nat(2100)).map(([d, m, y]) => `${d}/${m}/${y}`),
  days.map((date) => date.toISOString().slice(0, -1)),
  fc.tuple(days, fc.nat()).map(([date, places]) => `${date.toISOString().slice(0, 19)}.${places}`),
  fc
    .tuple(days, fc.nat(9_999_999), fc.constantFrom('Z', '+01:00', '-0930', '+14:00', '+24:00', '-00:60', ''))
    .map(([date, places, zone]) => `${date.toISOString().slice(0, 19)}.${places}${zone}`),
  fc
    .tuple(days, fc.nat(9_999_999))
    .map(([date, places]) => `${String(Math.floor(date.getTime() / 1000))}.${places}`),
  fc.constantFrom(
    'Y',
    'N',
    '0',
    '1',
    'true',
    'yes',
    'banana',
    'a',
    'Ab',
    '007',
    '',
    'NA',
    'null',
    'None',
    'NaN',
    '1e400',
    '-0',
    '0x1F',
    '1_000',
    '1,000',
    '१२',
  ),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);

/** One character more, fewer or other: what a supplier's bug makes of a good value. */
export const NEAR_MISSES = fc
  .tuple(
    VALUES,
    fc.nat(30),
    fc.constantFrom('', ' ', '0', '-', '+', '.', 'Z', '\n', '\u00a0', '9', 'e', '='),
    fc.nat(1),
  )
  .map(
    ([text, at, insert, cut]) =>
      text.slice(0, at % (text.length + 1)) + insert + text.slice((at % (text.length + 1)) + cut),
  );
