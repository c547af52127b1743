import { DefinitionError } from '../errors';
import { requireDistinctNames, toColumnName } from './metadata-name';
import { isOpenAtEnd, translatePattern } from './metadata-pattern';
import type { MetadataColumn } from './metadata-schema';
import { readMetadataType, type ImportedType } from './metadata-type';

export type Scalar = string | number | bigint | boolean;

/** A column as a call of a builder, its options, and calls of zod's methods behind it. */
export interface ImportedColumn {
  name: string;
  /** Its name in the file. */
  header: string;
  type: ImportedType;
  options: Record<string, Scalar | RegExp>;
  /** The only values allowed. */
  values?: readonly Scalar[];
  methods: { name: 'min' | 'max'; value: number | bigint }[];
  nullable: boolean;
  /** Of an array its element, of a struct its fields. */
  inner: ImportedColumn[];
  /** What a reader of the code should know. */
  comments: string[];
}

type Warn = (words: string) => void;

const DEEPEST = 20;
const INTEGERS = ['int8', 'int16', 'int32', 'int64'];
const WITHOUT_ENUM = ['date', 'timestamp', 'decimal', 'binary', 'array', 'struct'];
const NUMBERS = [...INTEGERS, 'float32', 'float64', 'decimal'];

function fail(where: string, { name }: MetadataColumn, what: string, next: string): DefinitionError {
  return new DefinitionError({ happened: `${where}: column "${name}" ${what}.`, next });
}

/** A JSON number as a value of the column, exactly, or undefined. */
function toBound({ builder }: ImportedType, value: number): number | bigint | string | undefined {
  if (builder === 'decimal') return /^-?\d+(\.\d+)?$/.test(String(value)) ? String(value) : undefined;
  if (!INTEGERS.includes(builder)) return value;
  if (!Number.isSafeInteger(value)) return undefined;
  return builder === 'int64' ? BigInt(value) : value;
}

function readBounds(where: string, column: MetadataColumn, into: ImportedColumn, warn: Warn): void {
  const { type } = into;
  for (const [key, name] of [
    ['minimum', 'min'],
    ['maximum', 'max'],
  ] as const) {
    const given = column[key] ?? undefined;
    if (given !== undefined && !NUMBERS.includes(type.builder)) {
      warn(`${key} is left out: it is for numbers, not for ${column.type ?? ''}`);
      continue;
    }
    const limit = type.range?.[name === 'min' ? 'least' : 'most'];
    const tighter = name === 'min' ? Math.max : Math.min;
    const value = given === undefined || limit === undefined ? (given ?? limit) : tighter(given, limit);
    if (value === undefined) continue;
    const bound = toBound(type, value);
    if (bound === undefined)
      throw fail(
        where,
        column,
        `has the ${key} ${value}, which no ${column.type ?? ''} is, or not exactly`,
        'Correct it in the metadata.',
      );
    if (typeof bound === 'string') into.options[name] = bound;
    else into.methods.push({ name, value: bound });
  }
}

function readLengths(column: MetadataColumn, into: ImportedColumn, warn: Warn): void {
  for (const [key, name] of [
    ['minLength', 'min'],
    ['maxLength', 'max'],
  ] as const) {
    const value = column[key] ?? undefined;
    if (value === undefined) continue;
    if (into.type.builder === 'string') into.methods.push({ name, value });
    else warn(`${key} is left out: it is for text, not for ${column.type ?? ''}`);
  }
}

function readPattern(where: string, column: MetadataColumn, into: ImportedColumn, warn: Warn): void {
  const { pattern } = column;
  if (pattern === undefined) return;
  if (into.type.builder !== 'string') {
    warn(`pattern is left out: it is for text, not for ${column.type ?? ''}`);
    return;
  }
  const translated = translatePattern(pattern);
  if (!translated)
    throw fail(
      where,
      column,
      `has the pattern ${pattern}, which is no regular expression in JavaScript`,
      'Write it in the words that both languages have.',
    );
  into.options.pattern = translated;
  if (isOpenAtEnd(pattern))
    into.comments.push(
      'data_linter lets text follow what its pattern matches; here the whole text must match.',
    );
}

function readEnum(where: string, column: MetadataColumn, into: ImportedColumn, warn: Warn): void {
  if (column.enum === undefined) return;
  const { builder } = into.type;
  const expected = builder === 'string' ? 'string' : builder === 'boolean' ? 'boolean' : 'number';
  if (WITHOUT_ENUM.includes(builder))
    throw fail(
      where,
      column,
      `has an enum, which ${builder === 'array' ? 'an' : 'a'} ${builder} cannot have here`,
      'Leave it out, and write a .refine() behind the column in the code.',
    );
  const values = column.enum.map((value) => {
    const read = typeof value === 'number' ? toBound(into.type, value) : value;
    if (typeof value === expected && read !== undefined) return read;
    throw fail(
      where,
      column,
      `has the enum value ${JSON.stringify(value)}, which is no ${column.type ?? ''}`,
      'Correct it in the metadata.',
    );
  });
  into.values = [...new Set(values)];
  if (builder !== 'string') return;
  // Text of a fixed choice has no other rules beside it.
  const { pattern } = into.options;
  const allowed = into.values.filter((value) => isAllowed(String(value), pattern, into.methods));
  const dropped = into.values.filter((value) => !allowed.includes(value));
  for (const value of dropped)
    warn(`the enum value ${JSON.stringify(value)} is left out: the other rules refuse it`);
  if (allowed.length === 0)
    throw fail(
      where,
      column,
      'has an enum of which its other rules refuse every value',
      'Correct it in the metadata.',
    );
  into.values = allowed;
  into.methods = [];
  into.comments = [];
  delete into.options.pattern;
}

function isAllowed(value: string, pattern: unknown, methods: ImportedColumn['methods']): boolean {
  const { length } = Array.from(value);
  return (
    (!(pattern instanceof RegExp) || new RegExp(`^(?:${pattern.source})$`, 'u').test(value)) &&
    methods.every(({ name, value: bound }) => (name === 'min' ? length >= bound : length <= bound))
  );
}

const DEFAULT_FORMATS: Partial<Record<ImportedType['builder'], string>> = {
  date: '%Y-%m-%d',
  timestamp: '%Y-%m-%d %H:%M:%S',
};

function readDateFormat(column: MetadataColumn, into: ImportedColumn, warn: Warn): void {
  const byDefault = DEFAULT_FORMATS[into.type.builder];
  if (byDefault !== undefined) into.options.format = column.datetime_format ?? byDefault;
  else if (column.datetime_format !== undefined)
    warn(`datetime_format is left out: it is for dates and timestamps, not for ${column.type ?? ''}`);
}

const isNested = ({ builder }: ImportedType): boolean => builder === 'array' || builder === 'struct';

/** What is inside may be null, since mojap-metadata has no word for what may not. */
function readInner(where: string, type: ImportedType, warnings: string[], depth: number): ImportedColumn[] {
  if (type.builder !== 'array' && type.builder !== 'struct') return [];
  if (depth === DEEPEST)
    throw new DefinitionError({
      happened: `${where} has lists and structs more than ${DEEPEST} deep.`,
      next: 'Read it as text, and take it apart in the transform.',
    });
  const columns = type.inner.map((inner) => {
    const isElement = type.builder === 'array';
    const given = { ...inner, name: isElement ? 'its element' : inner.name };
    const name = isElement ? given.name : toColumnName(where, inner.name);
    const read = readMetadataColumn(where, name, given, warnings, depth + 1);
    if (read.type.builder === 'binary')
      throw fail(
        where,
        given,
        'is binary, which lists and structs cannot hold',
        'Leave it out of the metadata.',
      );
    return read;
  });
  requireDistinctNames(where, columns);
  return columns;
}

/** @throws DefinitionError when its type has no counterpart in Glue, or its rules cannot be meant */
export function readMetadataColumn(
  where: string,
  name: string,
  column: MetadataColumn,
  warnings: string[],
  depth = 0,
): ImportedColumn {
  if (column.type === undefined)
    throw fail(
      where,
      column,
      `has no type${column.type_category ? ` but the type_category ${column.type_category}` : ''}`,
      'Give it one, such as int64.',
    );
  const type = readMetadataType(column.type);
  if (typeof type === 'string')
    throw fail(
      where,
      column,
      `has the type ${column.type}, which ${type}`,
      'Give it another type, or leave the column out of the metadata.',
    );
  const warn: Warn = (words) => warnings.push(`column "${column.name}": ${words}`);
  const into: ImportedColumn = {
    name,
    header: column.name,
    type,
    options: {},
    methods: [],
    nullable: column.nullable ?? true,
    inner: [],
    comments: [],
  };
  if (type.builder === 'binary') into.options.encoding = 'base64';
  if (column.name !== name) into.options.header = column.name;
  if (column.description) into.options.description = column.description;
  if (column.sensitive) into.options.sensitive = true;
  if (column.unique && isNested(type)) warn('unique is left out: it is not for lists and structs');
  else if (column.unique) into.options.unique = true;
  readDateFormat(column, into, warn);
  readBounds(where, column, into, warn);
  readLengths(column, into, warn);
  readPattern(where, column, into, warn);
  readEnum(where, column, into, warn);
  into.inner = readInner(`${where}: column "${column.name}"`, type, warnings, depth);
  if (column.alias !== undefined) {
    warn(
      `alias "${column.alias}" is left out: in mojap-metadata it is the standard name of such an ID, not a name in files`,
    );
    into.comments.push(`Its standard name is ${column.alias}.`);
  }
  return into;
}
