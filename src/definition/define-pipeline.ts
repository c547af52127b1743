import { DefinitionError } from '../errors';
import { toDataFolderName, toFolderName } from '../layout/names';
import { csv, type Format } from './format';
import { readColumn, type Column } from './read-column';
import type { CheckedTable, TableDefinition } from './table';
import type { Columns } from './column';
import type { Transform } from './transform';
import { formatDefinitionIssues } from './definition-issues';
import { LAND_TIMESTAMP_COLUMN, pipelineSchema } from './pipeline-schema';

export { LAND_TIMESTAMP_COLUMN };

/** The buckets of a pipeline. `raw` only where the pipeline has that area. */
export interface AreaBuckets {
  land: string;
  rawHist: string;
  raw?: string;
  processed: string;
  curated: string;
  /** Manifests, stage records and reports: what makes a run provable. */
  log: string;
}

export interface PipelineDefinition {
  /** Lower case letters, digits and hyphens; part of every workflow ID. */
  name: string;
  description?: string;
  /** The Glue database that is recreated over the curated area. */
  database: string;
  /** The first folder in every bucket, such as `production-environment`. */
  environment: string;
  /** The pipeline's folder in all areas but curated. @default the database with hyphens, and `-data` */
  folder?: string;
  areas: AreaBuckets;
  /** The column of every processed row that holds the image's tag. @default 'etl_version' */
  versionColumn?: string;
  tables: Readonly<Record<string, CheckedTable>>;
}

/** A table with every default filled in. */
export interface Table {
  name: string;
  description: string | undefined;
  folder: string;
  files: { name: RegExp | undefined; required: boolean; min: number; max: number };
  format: Format;
  columns: readonly Column[];
  primaryKey: readonly string[];
  rows: { min: number; max: number };
  transform:
    | { columns: readonly Column[]; rows: 'kept' | 'changed'; apply: Transform<Columns, Columns>['apply'] }
    | undefined;
  /** The columns that processed and curated hold, but for the version and `file_land_timestamp`. */
  processedColumns: readonly Column[];
  sortBy: readonly string[];
}

/** A pipeline with every default filled in: what all of Landfall but `definePipeline` works with. */
export interface Pipeline {
  readonly kind: 'landfall-pipeline';
  name: string;
  description: string | undefined;
  database: string;
  environment: string;
  folder: string;
  curatedFolder: string;
  areas: AreaBuckets;
  versionColumn: string;
  tables: readonly Table[];
}

function readColumns(where: string, columns: Columns): Column[] {
  const read = Object.entries(columns).map(([name, schema]) => readColumn(name, schema));
  const headers = new Set<string>();
  for (const { name, header } of read) {
    if (headers.has(header)) {
      throw new DefinitionError({
        happened: `${where}: column "${name}" has the header "${header}", which another column has already.`,
        next: 'Give every column a header of its own.',
      });
    }
    headers.add(header);
  }
  return read;
}

function requireColumns(
  where: string,
  key: string,
  names: readonly string[],
  columns: readonly Column[],
): void {
  for (const name of names) {
    if (!columns.some((each) => each.name === name)) {
      throw new DefinitionError({
        happened: `${where}: ${key} names "${name}", which is not one of its columns.`,
        next: `Name one of: ${columns.map((each) => each.name).join(', ')}.`,
      });
    }
  }
}

function readTable(pipeline: string, name: string, definition: TableDefinition<Columns, Columns>): Table {
  const where = `Pipeline "${pipeline}", table "${name}"`;
  const columns = readColumns(where, definition.columns);
  const transform = definition.transform
    ? {
        columns: readColumns(`${where}, transform`, definition.transform.columns),
        rows: definition.transform.rows ?? ('kept' as const),
        apply: definition.transform.apply,
      }
    : undefined;
  const processedColumns = transform?.columns ?? columns;
  const primaryKey = definition.primaryKey ?? [];
  const sortBy = definition.curated?.sortBy ?? [];
  requireColumns(where, 'primaryKey', primaryKey, columns);
  requireColumns(where, 'curated.sortBy', sortBy, processedColumns);
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
    },
    format: definition.format ?? csv(),
    columns,
    primaryKey,
    rows: { min: definition.rows?.min ?? 1, max: definition.rows?.max ?? Number.MAX_SAFE_INTEGER },
    transform,
    processedColumns,
    sortBy,
  };
}

/**
 * Declares a pipeline: its buckets, its tables, what their files must be and what becomes of their rows.
 *
 * @throws DefinitionError naming every key that is unknown or wrong
 */
export function definePipeline(definition: PipelineDefinition): Pipeline {
  const parsed = pipelineSchema.safeParse(definition);
  if (!parsed.success) throw formatDefinitionIssues(definition, parsed.error.issues);
  const versionColumn = definition.versionColumn ?? 'etl_version';
  const tables = Object.entries(definition.tables).map(([name, each]) =>
    readTable(definition.name, name, each),
  );
  for (const { name, processedColumns } of tables) {
    const taken = processedColumns.find(
      (each) => each.name === versionColumn || each.name === LAND_TIMESTAMP_COLUMN,
    );
    if (taken) {
      throw new DefinitionError({
        happened: `Pipeline "${definition.name}", table "${name}": the column "${taken.name}" is one that Landfall adds.`,
        next: 'Rename the column (header keeps its name in the landed file), or choose another versionColumn.',
      });
    }
  }
  const { raw, ...areas } = definition.areas;
  return {
    kind: 'landfall-pipeline',
    name: definition.name,
    description: definition.description,
    database: definition.database,
    environment: definition.environment,
    folder: definition.folder ?? toDataFolderName(definition.database),
    curatedFolder: toFolderName(definition.database),
    areas: raw === undefined ? areas : { ...areas, raw },
    versionColumn,
    tables,
  };
}

/** Every bucket that the pipelines name, each once. */
export const bucketsOf = (pipelines: readonly Pipeline[]): string[] => [
  ...new Set(pipelines.flatMap(({ areas }) => Object.values(areas) as string[])),
];
