import { z } from 'zod';
import { DefinitionError } from '../errors';
import { registerColumn, requireTexts, type ColumnOptions, type ColumnSchema } from './column-registry';
import type { BinaryEncoding } from './column-type';
import { checkDateFormat } from './date-format';
import { GLUE_NAME } from './name-schemas';

export {
  columnMetadata,
  type ColumnMetadata,
  type ColumnOptions,
  type ColumnSchema,
  type Columns,
} from './column-registry';

const INTEGER_BITS = { int8: 8, int16: 16, int32: 32 } as const;

function integer(name: 'int8' | 'int16' | 'int32', options: ColumnOptions) {
  const limit = 2 ** (INTEGER_BITS[name] - 1);
  return registerColumn(
    z
      .int()
      .min(-limit)
      .max(limit - 1),
    { name },
    options,
  );
}

/** Athena has no unsigned integers: they are the next larger signed type, from 0, as mojap-metadata maps them. */
function unsigned(bits: 8 | 16, options: ColumnOptions) {
  return registerColumn(
    z
      .int()
      .min(0)
      .max(2 ** bits - 1),
    { name: bits === 8 ? 'int16' : 'int32' },
    options,
  );
}

export interface StringOptions extends ColumnOptions {
  /** Must match the whole text: it is anchored at both ends. */
  pattern?: RegExp;
}

export interface BooleanOptions extends ColumnOptions {
  /** @default ['true', 'True', 'TRUE'] */
  trueTexts?: readonly string[];
  /** @default ['false', 'False', 'FALSE'] */
  falseTexts?: readonly string[];
}

export interface DecimalOptions extends ColumnOptions {
  /** Smallest value allowed, as text, so that it is exact. */
  min?: string;
  max?: string;
}

export interface DateOptions extends ColumnOptions {
  /** How the landed text is written, in strptime's words (`%d/%m/%Y`). @default ISO 8601 */
  format?: string;
  /** Earliest value allowed, in ISO 8601. */
  min?: string;
  max?: string;
}

export interface BinaryOptions extends ColumnOptions {
  /** How the landed text is written: RFC 4648's base64 with its padding, or pairs of hexadecimal digits in any case. */
  encoding: BinaryEncoding;
}

/** An array or a struct comes from JSON or Parquet, whose nulls are no texts. */
export type NestedOptions = Omit<ColumnOptions, 'nullTexts'>;

function range(options: { min?: string; max?: string }): { min?: string; max?: string } {
  return {
    ...(options.min === undefined ? {} : { min: options.min }),
    ...(options.max === undefined ? {} : { max: options.max }),
  };
}

function requireBooleanTexts(trueTexts: readonly string[], falseTexts: readonly string[]): void {
  requireTexts('trueTexts', trueTexts);
  requireTexts('falseTexts', falseTexts);
  const both = trueTexts.find((text) => falseTexts.includes(text));
  if (both === undefined) return;
  throw new DefinitionError({
    happened: `A column.boolean() has ${JSON.stringify(both)} among both its trueTexts and its falseTexts.`,
    next: 'Give each of the two values texts of its own, such as trueTexts: ["Y"] and falseTexts: ["N"].',
  });
}

/**
 * The columns of a landed file. Each builder returns a zod schema for the value as TypeScript sees it: 64-bit
 * integers are `bigint`; decimals, dates and timestamps are text in canonical form, which loses no digit.
 */
export const column = {
  string(options: StringOptions = {}) {
    const { pattern, ...rest } = options;
    const schema = pattern
      ? z.string().regex(new RegExp(`^(?:${pattern.source})$`, pattern.flags))
      : z.string();
    return registerColumn(schema, { name: 'string' }, rest);
  },
  /** One of the given texts. */
  oneOf<const V extends readonly [string, ...string[]]>(values: V, options: ColumnOptions = {}) {
    requireTexts('column.oneOf(…)', values);
    return registerColumn(z.enum(values), { name: 'string' }, options);
  },
  boolean(options: BooleanOptions = {}) {
    const {
      trueTexts = ['true', 'True', 'TRUE'],
      falseTexts = ['false', 'False', 'FALSE'],
      ...rest
    } = options;
    requireBooleanTexts(trueTexts, falseTexts);
    return registerColumn(z.boolean(), { name: 'boolean', trueTexts, falseTexts }, rest);
  },
  int8: (options: ColumnOptions = {}) => integer('int8', options),
  int16: (options: ColumnOptions = {}) => integer('int16', options),
  int32: (options: ColumnOptions = {}) => integer('int32', options),
  int64: (options: ColumnOptions = {}) =>
    registerColumn(
      z
        .bigint()
        .min(-(2n ** 63n))
        .max(2n ** 63n - 1n),
      { name: 'int64' },
      options,
    ),
  /** From 0 to 255; `smallint` in Athena. */
  uint8: (options: ColumnOptions = {}) => unsigned(8, options),
  /** From 0 to 65,535; `int` in Athena. */
  uint16: (options: ColumnOptions = {}) => unsigned(16, options),
  /** From 0 to 4,294,967,295; `bigint` in Athena. */
  uint32: (options: ColumnOptions = {}) =>
    registerColumn(
      z
        .bigint()
        .min(0n)
        .max(2n ** 32n - 1n),
      { name: 'int64' },
      options,
    ),
  float32: (options: ColumnOptions = {}) => registerColumn(z.number(), { name: 'float32' }, options),
  float64: (options: ColumnOptions = {}) => registerColumn(z.number(), { name: 'float64' }, options),
  /** Exact: more digits than `precision` or more places than `scale` are refused, never rounded. */
  decimal(precision: number, scale: number, options: DecimalOptions = {}) {
    if (!(
      Number.isInteger(precision) &&
      precision >= 1 &&
      precision <= 38 &&
      Number.isInteger(scale) &&
      scale >= 0 &&
      scale <= precision
    )) {
      throw new DefinitionError({
        happened: `decimal(${precision}, ${scale}) is not a type that Athena has.`,
        next: 'Give a precision from 1 to 38 and a scale from 0 to the precision.',
      });
    }
    const { min: _min, max: _max, ...rest } = options;
    return registerColumn(z.string(), { name: 'decimal', precision, scale, ...range(options) }, rest);
  },
  date(options: DateOptions = {}) {
    const { format = '%Y-%m-%d', min: _min, max: _max, ...rest } = options;
    checkDateFormat(format, 'date');
    return registerColumn(z.string(), { name: 'date', format, ...range(options) }, rest);
  },
  /** Without zone, to the microsecond. */
  timestamp(options: DateOptions = {}) {
    const { format = '%Y-%m-%dT%H:%M:%S%.f', min: _min, max: _max, ...rest } = options;
    checkDateFormat(format, 'timestamp');
    return registerColumn(z.string(), { name: 'timestamp', format, ...range(options) }, rest);
  },
  /**
   * Bytes, written as text, or as they are in Parquet, whatever the encoding says. To TypeScript, to JSON lines and to
   * transforms they are base64.
   */
  binary({ encoding, ...options }: BinaryOptions) {
    if (!['base64', 'hex'].includes(encoding)) {
      throw new DefinitionError({
        happened: 'A column.binary() does not say how its bytes are written.',
        next: "Write column.binary({ encoding: 'base64' }) or column.binary({ encoding: 'hex' }).",
      });
    }
    return registerColumn(z.string(), { name: 'binary', encoding }, options);
  },
  /** An array of one kind of column, in JSON or Parquet; `.min()` and `.max()` are of its length. */
  array<S extends ColumnSchema>(element: S, options: NestedOptions = {}) {
    return registerColumn(z.array(element), { name: 'array' }, options);
  },
  /** In JSON an object with these keys and no others, of which one that may be null may be absent; in Parquet a group. */
  struct<const C extends Readonly<Record<string, ColumnSchema>>>(fields: C, options: NestedOptions = {}) {
    const wrong = Object.keys(fields).find((name) => !GLUE_NAME.test(name));
    if (wrong !== undefined || Object.keys(fields).length === 0) {
      throw new DefinitionError({
        happened:
          wrong === undefined
            ? 'A column.struct() has no fields.'
            : `A column.struct() has a field "${wrong}".`,
        next: 'Name its fields in lower case letters, digits and underscores, as Glue has them; `header` keeps a name in the landed file.',
      });
    }
    return registerColumn(z.strictObject(fields), { name: 'struct' }, options);
  },
};

/** The same column under many names, for wide files. */
export function columnsOf<const N extends readonly string[], S extends ColumnSchema>(
  names: N,
  schema: S,
): Record<N[number], S> {
  return Object.fromEntries(names.map((name) => [name, schema])) as Record<N[number], S>;
}
