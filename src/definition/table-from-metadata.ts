import type { z } from 'zod';
import { column, type ColumnSchema, type Columns } from './column';
import type { ForeignKey } from './foreign-key';
import { csv, jsonLines, parquet } from './format';
import type { ImportedColumn, Scalar } from './metadata-column';
import { readMetadata, type ImportedTable } from './read-metadata';
import { table, type CheckedTable, type TableDefinition } from './table';

/** What a column says when a value is none of the allowed ones. */
export const describeValues = (values: readonly Scalar[]): string =>
  `one of ${values.map(String).join(', ')}`;

function argumentsOf({ type, inner }: ImportedColumn): readonly unknown[] {
  if (type.builder === 'array') return inner.map(buildColumn);
  return type.builder === 'struct'
    ? [Object.fromEntries(inner.map((field) => [field.name, buildColumn(field)]))]
    : type.args;
}

function buildColumn(imported: ImportedColumn): ColumnSchema {
  const { type, options, values, methods, nullable } = imported;
  // The builders are typed for those who write them by hand; these calls come from data that was checked.
  const builders = column as unknown as Record<string, (...args: unknown[]) => z.ZodType>;
  const isChoice = type.builder === 'string' && values !== undefined;
  let schema = isChoice
    ? builders.oneOf?.(values, options)
    : builders[type.builder]?.(...argumentsOf(imported), options);
  for (const { name, value } of methods)
    schema = (schema as unknown as Record<string, (bound: unknown) => z.ZodType>)[name]?.(value);
  if (!schema) throw new Error(`there is no column.${type.builder}`);
  if (values !== undefined && !isChoice)
    schema = schema.refine((value) => values.includes(value as Scalar), describeValues(values));
  return nullable ? schema.nullable() : schema;
}

const FORMATS = { csv, 'json-lines': jsonLines, parquet };

function buildTable(imported: ImportedTable): CheckedTable {
  const { description, format, columns, primaryKey, foreignKeys } = imported;
  const definition: TableDefinition<Columns, Columns> = {
    ...(description === undefined ? {} : { description }),
    ...(format === undefined ? {} : { format: FORMATS[format]() }),
    columns: Object.fromEntries(columns.map((each) => [each.name, buildColumn(each)])),
    ...(primaryKey.length === 0 ? {} : { primaryKey }),
    ...(foreignKeys.length === 0
      ? {}
      : { foreignKeys: foreignKeys.map((key) => ({ ...key, in: 'either' as const })) }),
  };
  return table<Columns, Columns, readonly ForeignKey[]>(definition);
}

export interface MetadataOptions {
  /** Told of each thing that the metadata says and the table cannot. @default a warning of the process */
  onWarning?: (words: string) => void;
}

/**
 * A table from mojap-metadata (1.x), for `definePipeline`; `landfall import-metadata` writes the same one as code.
 * Columns are nullable unless the metadata says otherwise.
 *
 * @param json the parsed JSON
 * @throws DefinitionError naming the column whose type has no counterpart in Glue
 */
export function tableFromMetadata(json: unknown, options: MetadataOptions = {}): CheckedTable {
  const onWarning = options.onWarning ?? ((words: string) => process.emitWarning(words, 'MetadataWarning'));
  const imported = readMetadata(json);
  for (const words of imported.warnings) onWarning(`Table "${imported.name}" of the metadata: ${words}.`);
  return buildTable(imported);
}
