import type { z } from 'zod';
import { DefinitionError } from '../errors';
import { checkKeyOptions } from './check-key-options';
import { columnMetadata, type ColumnMetadata, type ColumnSchema } from './column-registry';
import { innerColumns, type ColumnType } from './column-type';
import { readRules } from './read-rules';
import { refuseContradictions } from './refuse-contradictions';
import { notAColumn } from './refuse-schema';

/** What a schema demands of a value beyond its type, as data. Bounds are decimal text, so that none is rounded. */
export type ColumnRule =
  | { rule: 'enum'; values: readonly string[] }
  | { rule: 'pattern'; pattern: RegExp }
  /** Characters of a text, elements of an array. */
  | { rule: 'min-length' | 'max-length'; length: number }
  | { rule: 'min' | 'max'; value: string; inclusive: boolean };

/** A column as the stages see it: everything its zod schema declares, read once. */
export interface Column {
  name: string;
  /** Its name in the landed file. */
  header: string;
  /** Other names that it may have there. */
  aliases: readonly string[];
  type: ColumnType;
  nullable: boolean;
  nullTexts: readonly string[];
  /** Also where a column inside it, or around it, is. */
  sensitive: boolean;
  unique: boolean;
  description: string | undefined;
  rules: readonly ColumnRule[];
  /** Set when the schema says more than `rules` can hold: the value's schema, to be asked value by value. */
  refinement: z.ZodType | undefined;
}

interface ZodDefinition {
  type: string;
  innerType?: z.ZodType;
  checks?: readonly unknown[];
  element?: z.ZodType;
  shape?: Readonly<Record<string, z.ZodType>>;
}

const definitionOf = (schema: z.ZodType): ZodDefinition => schema._zod.def;

interface Outer {
  path: string;
  sensitive: boolean;
}

/** JSON's null is a word of its own and an element has no name, so that these options would be lost. */
function refuseLostOptions(path: string, metadata: ColumnMetadata, isElement: boolean): void {
  const lost =
    isElement && metadata.header !== undefined
      ? 'header'
      : (['nullTexts', 'alias', 'unique'] as const).find((option) => metadata[option] !== undefined);
  if (lost === undefined && metadata.type.name !== 'binary') return;
  throw new DefinitionError({
    happened:
      lost === undefined
        ? `Column "${path}" is binary, which Landfall cannot write inside an array or a struct.`
        : `Column "${path}" is inside an array or a struct, where ${lost} means nothing.`,
    next: lost === undefined ? 'Declare it as column.string().' : `Leave ${lost} out.`,
  });
}

function readInner(path: string, name: string, schema: z.ZodType, sensitive: boolean): Column {
  const { value } = unwrap(path, schema);
  const metadata = columnMetadata(value);
  if (metadata) refuseLostOptions(path, metadata, path.endsWith('[]'));
  return { ...readAt({ path, sensitive }, schema), name, header: metadata?.header ?? name, nullTexts: [] };
}

function readType({ type }: ColumnMetadata, value: z.ZodType, { path, sensitive }: Outer): ColumnType {
  const { element, shape = {} } = definitionOf(value);
  if (type.name === 'array' && element)
    return { name: 'array', element: readInner(`${path}[]`, '[]', element, sensitive) };
  if (type.name === 'array' || type.name === 'struct') {
    const fields = Object.entries(shape).map(([name, field]) =>
      readInner(`${path}.${name}`, name, field, sensitive),
    );
    const twice = fields.find(
      ({ header }, place) => fields.findIndex((each) => each.header === header) < place,
    );
    if (!twice) return { name: 'struct', fields };
    throw new DefinitionError({
      happened: `Column "${path}.${twice.name}" has the header "${twice.header}", which another field has already.`,
      next: 'Give every field a header of its own.',
    });
  }
  return type;
}

function unwrap(name: string, schema: z.ZodType): { value: z.ZodType; nullable: boolean } {
  let value = schema;
  let nullable = false;
  for (;;) {
    const { type, innerType, checks } = definitionOf(value);
    if (type !== 'nullable' || !innerType) return { value, nullable };
    nullable = true;
    if (checks?.length) {
      throw new DefinitionError({
        happened: `Column "${name}" has a check after .nullable(), which would be asked of nulls too.`,
        next: 'Put .nullable() last.',
      });
    }
    value = innerType;
  }
}

function readAt({ path, sensitive: outerSensitive }: Outer, schema: ColumnSchema): Column {
  const { value, nullable } = unwrap(path, schema);
  const metadata = columnMetadata(value);
  if (!metadata) throw notAColumn(path, value);
  checkKeyOptions(path, metadata);
  const sensitive = outerSensitive || (metadata.sensitive ?? false);
  const type = readType(metadata, value, { path, sensitive });
  const { rules, refined } = readRules(path, value, metadata.type);
  const column: Column = {
    name: path,
    header: metadata.header ?? path,
    aliases: metadata.alias ?? [],
    type,
    nullable,
    nullTexts: metadata.nullTexts ?? [''],
    sensitive: sensitive || innerColumns(type).some((inner) => inner.sensitive),
    unique: metadata.unique ?? false,
    description: metadata.description ?? schema.description ?? value.description,
    rules,
    refinement: refined ? value : undefined,
  };
  refuseContradictions(column);
  return column;
}

/** @throws DefinitionError when the schema is not made by a `column` builder, or says what Landfall cannot hold */
export const readColumn = (name: string, schema: ColumnSchema): Column =>
  readAt({ path: name, sensitive: false }, schema);
