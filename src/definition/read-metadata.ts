import { DefinitionError } from '../errors';
import { readMetadataColumn, type ImportedColumn } from './metadata-column';
import { requireDistinctNames, toColumnName } from './metadata-name';
import { metadataColumnSchema, metadataSchema, unknownKeys, type Metadata } from './metadata-schema';

/** A mojap-metadata table as Landfall has it: what becomes of it as code or as a table is the same. */
export interface ImportedTable {
  name: string;
  description?: string;
  format: 'csv' | 'json-lines' | 'parquet' | undefined;
  columns: ImportedColumn[];
  primaryKey: string[];
  foreignKeys: { columns: [string]; references: { table: string; columns: string[] } }[];
  /** What the metadata says that has no place in the table. */
  warnings: string[];
}

function parse(json: unknown): Metadata {
  const parsed = metadataSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')} ${message}`);
  throw new DefinitionError({
    happened: `The metadata is no mojap-metadata table: ${wrong.join('; ')}.`,
    next: 'Correct it; the schema is that of mojap-metadata 1.x.',
  });
}

function readFormat({ name, file_format: format }: Metadata, warnings: string[]): ImportedTable['format'] {
  if (format === undefined) return undefined;
  if (/parquet/i.test(format)) return 'parquet';
  if (/csv/i.test(format)) return 'csv';
  if (/json/i.test(format)) {
    if (!/jsonl|ndjson/i.test(format))
      warnings.push(`file_format "${format}" is taken as JSON lines; for one array a file write json()`);
    return 'json-lines';
  }
  throw new DefinitionError({
    happened: `Table "${name}" of the metadata has the file_format "${format}", which Landfall does not read.`,
    next: 'Make it csv, jsonl or parquet, or leave it out and give the format in the code.',
  });
}

function warningsOfBinary({ header, type }: ImportedColumn, format: ImportedTable['format']): string[] {
  if (type.builder !== 'binary') return [];
  return [
    ...(format === 'parquet'
      ? []
      : [
          `column "${header}": its bytes are taken to be written in base64; if they are not, write hex in the code`,
        ]),
    ...(type.bytes === undefined
      ? []
      : [`column "${header}": that it has ${type.bytes} bytes is not checked`]),
  ];
}

const NOT_OF_A_TABLE = ['database_name', 'table_location', 'glue_table_properties'] as const;

function warnOfTable(metadata: Metadata, warnings: string[]): void {
  for (const key of unknownKeys(metadata, metadataSchema))
    warnings.push(`the key "${key}" is not one of mojap-metadata's, and is left out`);
  for (const key of NOT_OF_A_TABLE)
    if (metadata[key] !== undefined)
      warnings.push(`${key} is left out: the pipeline says where its tables are`);
}

/** Partition columns stand in keys, not in files. */
function splitPartitions({ columns, partitions = [] }: Metadata, warnings: string[]): Metadata['columns'] {
  for (const name of partitions)
    warnings.push(`partition column "${name}" is left out: it is in the key, not in the file`);
  return columns.filter(({ name }) => !partitions.includes(name));
}

function requireNames(
  table: string,
  key: string,
  names: readonly string[],
  columns: readonly { name: string }[],
): void {
  const missing = names.find((name) => !columns.some((column) => column.name === name));
  if (missing === undefined) return;
  throw new DefinitionError({
    happened: `Table "${table}" of the metadata: ${key} names "${missing}", which is not one of its columns.`,
    next: 'Correct the metadata.',
  });
}

function readForeignKeys(
  column: Metadata['columns'][number],
  name: string,
  warnings: string[],
): ImportedTable['foreignKeys'] {
  return (column.foreign_key ?? []).flatMap(({ table, columns }) => {
    if (/^[a-z][a-z0-9_]*$/.test(table) && columns.length === 1)
      return [{ columns: [name] as [string], references: { table, columns } }];
    warnings.push(
      `column "${column.name}": its foreign key to "${table}" (${columns.join(', ')}) is left out: it must name one column of a table of the same pipeline`,
    );
    return [];
  });
}

/** @throws DefinitionError naming the column that Landfall cannot hold */
export function readMetadata(json: unknown): ImportedTable {
  const metadata = parse(json);
  const { description, primary_key: primaryKey = [] } = metadata;
  const warnings: string[] = [];
  warnOfTable(metadata, warnings);
  requireNames(metadata.name, 'partitions', metadata.partitions ?? [], metadata.columns);
  const landed = splitPartitions(metadata, warnings);
  requireNames(metadata.name, 'primary_key', primaryKey, landed);
  const where = `Table "${metadata.name}" of the metadata`;
  // A table that says it is sensitive, but not where, is sensitive everywhere.
  const allSensitive = metadata.sensitive === true && !landed.some(({ sensitive }) => sensitive);
  if (allSensitive)
    warnings.push('the table is sensitive and no column says so: all of them are taken to be');
  const format = readFormat(metadata, warnings);
  const columns: ImportedColumn[] = [];
  const foreignKeys: ImportedTable['foreignKeys'] = [];
  for (const column of landed) {
    const name = toColumnName(where, column.name);
    for (const key of unknownKeys(column, metadataColumnSchema))
      warnings.push(
        `column "${column.name}": the key "${key}" is not one of mojap-metadata's, and is left out`,
      );
    const given = allSensitive ? { ...column, sensitive: true } : column;
    const read = readMetadataColumn(where, name, given, warnings);
    columns.push(read);
    warnings.push(...warningsOfBinary(read, format));
    foreignKeys.push(...readForeignKeys(column, name, warnings));
  }
  requireDistinctNames(where, columns);
  return {
    name: toColumnName(where, metadata.name),
    ...(description ? { description } : {}),
    format,
    columns,
    primaryKey: primaryKey.map((name) => toColumnName(where, name)),
    foreignKeys,
    warnings,
  };
}
