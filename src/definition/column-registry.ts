import { z } from 'zod';
import { DefinitionError } from '../errors';
import type { ScalarType } from './column-type';

/** What every column may say of itself beside its type. */
export interface ColumnOptions {
  /** The column's name in the landed file, where it differs from the name in the table. @default the table's name for it */
  header?: string;
  /** Other names that suppliers have used for it in landed files. Not inside arrays and structs. */
  alias?: readonly string[];
  /** No two rows of the table in a delivery have the same value; nulls do not clash. Not inside arrays and structs. @default false */
  unique?: boolean;
  description?: string;
  /** Values never enter reports, logs, failures or Temporal histories. @default false */
  sensitive?: boolean;
  /** Unquoted texts that mean null, compared exactly; none with `[]`. @default [''] */
  nullTexts?: readonly string[];
}

/** What a builder declares. What an array or a struct holds is in its zod schema. */
export type DeclaredType = ScalarType | { name: 'array' } | { name: 'struct' };

export interface ColumnMetadata extends ColumnOptions {
  type: DeclaredType;
}

/** A zod schema that is a column: one of the builders, with zod's own methods (`.nullable()`, `.min()` …) after it. */
export type ColumnSchema = z.ZodType;
export type Columns = Readonly<Record<string, ColumnSchema>>;

// Zod looks a clone's parent up, so metadata survives `.min(1)` and the like.
const registry = z.registry<ColumnMetadata>();

export function columnMetadata(schema: ColumnSchema): ColumnMetadata | undefined {
  return registry.get(schema);
}

const OPTIONS_OF_NESTED = ['header', 'description', 'sensitive'];
const OPTIONS_OF_SCALARS = [...OPTIONS_OF_NESTED, 'nullTexts', 'alias', 'unique'];

/** @throws DefinitionError when an option is unknown, or null texts are no list of different texts */
export function registerColumn<S extends z.ZodType>(
  schema: S,
  type: DeclaredType,
  options: ColumnOptions,
): S {
  const known =
    type.name === 'array' || type.name === 'struct' ? [...OPTIONS_OF_NESTED, 'alias'] : OPTIONS_OF_SCALARS;
  // Modules are loaded without a check of their types, so that a misspelt option would be lost in silence.
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new DefinitionError({
      happened: `A column of type ${type.name} has the option "${unknown}", which Landfall does not know for it.`,
      next: `It may have ${known.join(', ')}; what its type may have beside them is in docs/columns.md.`,
    });
  }
  if (options.nullTexts) requireTexts('nullTexts', options.nullTexts);
  registry.add(schema, { ...options, type });
  return schema;
}

/** @throws DefinitionError when they are no list of texts, or one is there twice */
export function requireTexts(option: string, texts: readonly string[]): void {
  const given: unknown = texts;
  const areTexts = Array.isArray(given) && given.every((text) => typeof text === 'string');
  const twice = areTexts ? texts.find((text, index) => texts.indexOf(text) !== index) : undefined;
  if (areTexts && twice === undefined) return;
  throw new DefinitionError({
    happened:
      twice === undefined
        ? `${option} is not a list of texts.`
        : `${option} has ${JSON.stringify(twice)} more than once.`,
    next: 'Give each text once, in quotes.',
  });
}
