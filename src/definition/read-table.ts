import { toDataFolderName } from '../layout/names';
import type { Columns } from './column';
import { readParquetOptions } from './curation';
import { refuseMisplacedFields } from './fixed-width';
import { readFormat } from './format';
import { readHeaderPolicy, requireDistinctHeaders, STRICT_HEADER, type HeaderPolicy } from './header-policy';
import type { Table } from './pipeline';
import { readColumn, type Column } from './read-column';
import { readCuration } from './read-curation';
import { refuseParserNames } from './refuse-parser-names';
import { readSource } from './read-source';
import { readUpsert } from './read-upsert';
import { refuseNestedInText, refuseNestedKeys } from './refuse-nested';
import { readPartitionBy } from './read-partition-by';
import { requireColumns } from './require-columns';
import { readRowChecks } from './row-check';
import type { TableDefinition } from './table';
import { declareTransform } from './transform';
import { readVolumes } from './volumes';

// Two and their last lines go into a curated part.
const USUAL_OBJECT_BYTES = 500 * 1024 ** 2;

function readColumns(where: string, columns: Columns, policy: Pick<HeaderPolicy, 'case'>): Column[] {
  const read = Object.entries(columns).map(([name, schema]) => readColumn(name, schema));
  requireDistinctHeaders(where, read, policy);
  return read;
}

/** Fills in a table's defaults, and checks what its parts say of each other. */
export function readTable(
  pipeline: string,
  name: string,
  definition: TableDefinition<Columns, Columns>,
): Table {
  const where = `Pipeline "${pipeline}", table "${name}"`;
  const given = definition.header ?? {};
  const columns = readColumns(where, definition.columns, { ...STRICT_HEADER, ...given });
  const transform =
    definition.transform &&
    declareTransform(
      definition.transform,
      readColumns(`${where}, transform`, definition.transform.columns, STRICT_HEADER),
    );
  const processedColumns = transform?.columns ?? columns;
  const mode = definition.mode ?? 'rebuild';
  const source = readSource(where, definition);
  const curation = definition.curated?.transform && readCuration(where, mode, definition.curated.transform);
  const curatedColumns = curation?.columns ?? processedColumns;
  const primaryKey = definition.primaryKey ?? [];
  const foreignKeys = definition.foreignKeys ?? [];
  const format = readFormat(definition.format);
  requireColumns(where, 'primaryKey', primaryKey, columns);
  const upsert = readUpsert(where, definition, processedColumns);
  const inFolders: readonly string[] = definition.curated?.partitionBy ?? [];
  const restOfKey = (upsert?.key ?? []).filter((name) => !inFolders.includes(name));
  const sortBy = [...new Set([...(definition.curated?.sortBy ?? []), ...restOfKey])];
  const partitionBy = readPartitionBy(where, inFolders, curatedColumns, sortBy);
  for (const [place, key] of foreignKeys.entries())
    requireColumns(where, `foreignKeys.${place}`, key.columns, columns);
  requireColumns(where, 'curated.sortBy', sortBy, curatedColumns);
  const rowChecks = readRowChecks(where, definition.rowChecks);
  for (const each of rowChecks) requireColumns(where, `the row check "${each.name}"`, each.columns, columns);
  refuseNestedInText(where, format, columns);
  if (format.name === 'fixed-width') refuseMisplacedFields(where, format.fields, columns);
  if (format.name === 'custom') refuseParserNames(where, given, columns);
  refuseNestedKeys(where, 'primaryKey', primaryKey, columns);
  for (const [place, key] of foreignKeys.entries())
    refuseNestedKeys(where, `foreignKeys.${place}`, key.columns, columns);
  refuseNestedKeys(where, 'curated.sortBy', sortBy, curatedColumns);
  const required = definition.files?.required ?? true;
  return {
    name,
    description: definition.description,
    folder: definition.folder ?? toDataFolderName(name),
    files: {
      name:
        definition.files?.name &&
        new RegExp(
          `^(?:${definition.files.name.source})$`,
          definition.files.name.flags.replaceAll(/[gy]/g, ''),
        ),
      required,
      min: definition.files?.min ?? 1,
      max: definition.files?.max ?? Number.MAX_SAFE_INTEGER,
      bytes: {
        min: definition.files?.minBytes ?? 0,
        max: definition.files?.maxBytes ?? Number.MAX_SAFE_INTEGER,
      },
    },
    format,
    header: readHeaderPolicy(where, given, format, columns),
    columns,
    primaryKey,
    rowChecks,
    foreignKeys,
    rows: { min: definition.rows?.min ?? 1, max: definition.rows?.max ?? Number.MAX_SAFE_INTEGER },
    rejects: definition.rejects && {
      maxRows: definition.rejects.maxRows ?? Number.MAX_SAFE_INTEGER,
      maxShare: definition.rejects.maxShare ?? 1,
    },
    volumes: readVolumes(definition.delivery, definition.history),
    transform,
    processedColumns,
    objectBytes: definition.processed?.objectBytes ?? USUAL_OBJECT_BYTES,
    curatedColumns,
    source,
    curation,
    upsert,
    mode,
    partitionBy,
    sortBy,
    parquet: readParquetOptions(definition.curated),
  };
}
