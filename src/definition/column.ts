import { z } from 'zod';
import { DefinitionError } from '../errors';
import type { ColumnType } from './column-type';
import { checkDateFormat } from './date-format';

/** What every column may say of itself beside its type. */
export interface ColumnOptions {
  /** The column's name in the landed file, where it differs from the name in the table. @default the table's name for it */
  header?: string;
  description?: string;
  /** Values never enter reports, logs, failures or Temporal histories. @default false */
  sensitive?: boolean;
  /** Unquoted texts that mean null, compared exactly. @default [''] */
  nullTexts?: readonly string[];
}

export interface ColumnMetadata extends ColumnOptions {
  type: ColumnType;
}

/** A zod schema that is a column: one of the builders below, with zod's own methods (`.nullable()`, `.min()` …) after it. */
export type ColumnSchema = z.ZodType;
export type Columns = Readonly<Record<string, ColumnSchema>>;

// Zod looks a clone's parent up, so metadata survives `.min(1)` and the like.
const registry = z.registry<ColumnMetadata>();

export function columnMetadata(schema: ColumnSchema): ColumnMetadata | undefined {
  return registry.get(schema);
}

const OPTIONS_OF_ALL = ['header', 'description', 'sensitive', 'nullTexts'];

function register<S extends z.ZodType>(schema: S, type: ColumnType, options: ColumnOptions): S {
  // Modules are loaded without a check of their types, so that a misspelt option would be lost in silence.
  const unknown = Object.keys(options).find((name) => !OPTIONS_OF_ALL.includes(name));
  if (unknown !== undefined) {
    throw new DefinitionError({
      happened: `A column of type ${type.name} has the option "${unknown}", which Landfall does not know for it.`,
      next: `Every column may have ${OPTIONS_OF_ALL.join(', ')}; what its type may have beside them is in the README.`,
    });
  }
  registry.add(schema, { ...options, type });
  return schema;
}

const INTEGER_BITS = { int8: 8, int16: 16, int32: 32 } as const;

function integer(name: 'int8' | 'int16' | 'int32', options: ColumnOptions) {
  const limit = 2 ** (INTEGER_BITS[name] - 1);
  return register(
    z
      .int()
      .min(-limit)
      .max(limit - 1),
    { name },
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

function range(options: { min?: string; max?: string }): { min?: string; max?: string } {
  return {
    ...(options.min === undefined ? {} : { min: options.min }),
    ...(options.max === undefined ? {} : { max: options.max }),
  };
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
    return register(schema, { name: 'string' }, rest);
  },
  /** One of the given texts. */
  oneOf<const V extends readonly [string, ...string[]]>(values: V, options: ColumnOptions = {}) {
    return register(z.enum(values), { name: 'string' }, options);
  },
  boolean(options: BooleanOptions = {}) {
    const {
      trueTexts = ['true', 'True', 'TRUE'],
      falseTexts = ['false', 'False', 'FALSE'],
      ...rest
    } = options;
    return register(z.boolean(), { name: 'boolean', trueTexts, falseTexts }, rest);
  },
  int8: (options: ColumnOptions = {}) => integer('int8', options),
  int16: (options: ColumnOptions = {}) => integer('int16', options),
  int32: (options: ColumnOptions = {}) => integer('int32', options),
  int64: (options: ColumnOptions = {}) =>
    register(
      z
        .bigint()
        .min(-(2n ** 63n))
        .max(2n ** 63n - 1n),
      { name: 'int64' },
      options,
    ),
  float32: (options: ColumnOptions = {}) => register(z.number(), { name: 'float32' }, options),
  float64: (options: ColumnOptions = {}) => register(z.number(), { name: 'float64' }, options),
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
    return register(z.string(), { name: 'decimal', precision, scale, ...range(options) }, rest);
  },
  date(options: DateOptions = {}) {
    const { format = '%Y-%m-%d', min: _min, max: _max, ...rest } = options;
    checkDateFormat(format, 'date');
    return register(z.string(), { name: 'date', format, ...range(options) }, rest);
  },
  /** Without zone, to the microsecond. */
  timestamp(options: DateOptions = {}) {
    const { format = '%Y-%m-%dT%H:%M:%S%.f', min: _min, max: _max, ...rest } = options;
    checkDateFormat(format, 'timestamp');
    return register(z.string(), { name: 'timestamp', format, ...range(options) }, rest);
  },
};

/** The same column under many names, for wide files. */
export function columnsOf<const N extends readonly string[], S extends ColumnSchema>(
  names: N,
  schema: S,
): Record<N[number], S> {
  return Object.fromEntries(names.map((name) => [name, schema])) as Record<N[number], S>;
}
