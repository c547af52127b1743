import { addedColumns } from './added-columns';
import { DefinitionError } from '../errors';
import { toDataFolderName, toFolderName } from '../layout/names';
import type { AreaDefinitions } from './area';
import { readAreaDatabases, type AreaDatabasesDefinition } from './area-databases';
import { readCompleteness, type CompletenessDefinition } from './completeness';
import { formatDefinitionIssues } from './definition-issues';
import type { CheckedDerivedTable } from './derived-table';
import { requireForeignKeys } from './foreign-key';
import { LAND_TIMESTAMP_COLUMN, type Pipeline, type Publishing, type Table } from './pipeline';
import { pipelineSchema } from './pipeline-schema';
import { readAreas } from './protections';
import { readDerivedTables } from './read-derived-table';
import { readTable } from './read-table';
import { readReaderCheck, type ReaderCheckDefinition } from './reader-check';
import type { ReferencesOf } from './reference-types';
import type { CheckedTable } from './table';
import { readTriggers, type TriggersDefinition } from './triggers';

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
  /** A bucket each; where it matters, with encryption, and for raw-hist retention and legal hold. */
  areas: AreaDefinitions;
  /**
   * Glue databases over the folders of raw-hist and of processed, as they are: a table for each of the pipeline's, partitioned
   * by `file_land_timestamp`.
   * @default none: only curated is a database
   */
  areaDatabases?: AreaDatabasesDefinition;
  /**
   * Whether Athena is asked, before readers are pointed at a table that changed, for its rows, nulls and newest delivery. What
   * is found wanting fails the run, and readers keep what they have.
   * @default it is not: a run needs no Athena
   */
  readerCheck?: ReaderCheckDefinition;
  /**
   * How readers come to see a publish. `move`: each table in one step, none is ever missing. `drop-and-recreate`: the Glue
   * database is deleted and made again, with a moment in which queries fail, and without whatever was granted or set on
   * it by others.
   * @default 'move'
   */
  publishing?: Publishing;
  /**
   * Whether one bad file keeps the whole delivery back. When false, only the tables with something wrong stay behind,
   * and are the next delivery; what is wrong beyond any table (a file that no table claims) still keeps all of it back.
   * @default true
   */
  allMustPass?: boolean;
  /** What says that a delivery is complete; until then nothing of it is taken. @default whatever waits is taken */
  complete?: CompletenessDefinition;
  /** What has deliveries taken by itself: events, a sweep. @default nothing: the CLI, a client, Airflow */
  triggers?: TriggersDefinition;
  /** The column of every processed row that holds the image's tag. @default 'etl_version' */
  versionColumn?: string;
  /** The column of every processed row that holds the name of the file it landed in; `false` for none. @default 'source_file' */
  sourceFileColumn?: string | false;
  tables: Readonly<Record<string, CheckedTable>>;
  /** Tables of the same database that SQL makes of the curated ones, published together with them. @default none */
  derived?: Readonly<Record<string, CheckedDerivedTable>>;
}

function requireRejectsArea({ name, areas }: PipelineDefinition, tables: readonly Table[]): void {
  const table = tables.find(({ rejects }) => rejects !== undefined);
  if (!table || areas.rejects !== undefined) return;
  throw new DefinitionError({
    happened: `Pipeline "${name}", table "${table.name}": rows may be rejected, but there is nowhere to keep them.`,
    next: 'Name a bucket for them: areas.rejects.',
  });
}

function requireDifferent(pipeline: string, reserved: readonly string[]): void {
  const twice = reserved.find((name, place) => reserved.indexOf(name) !== place);
  if (twice === undefined) return;
  throw new DefinitionError({
    happened: `Pipeline "${pipeline}": two of the columns that Landfall adds have the name "${twice}".`,
    next: 'Choose another versionColumn or sourceFileColumn.',
  });
}

/**
 * Declares a pipeline: its buckets, its tables, what their files must be and what becomes of their rows.
 *
 * @throws DefinitionError naming every key that is unknown or wrong
 */
export function definePipeline<const T extends Readonly<Record<string, CheckedTable>>>(
  definition: PipelineDefinition & {
    tables: T & ReferencesOf<T>;
    derived?: Readonly<Record<string, CheckedDerivedTable<NoInfer<keyof T & string>>>>;
    areaDatabases?: AreaDatabasesDefinition<NoInfer<keyof T & string>>;
  },
): Pipeline {
  const parsed = pipelineSchema.safeParse(definition);
  if (!parsed.success) throw formatDefinitionIssues(definition, parsed.error.issues);
  const { versionColumn = 'etl_version', sourceFileColumn = 'source_file' } = definition;
  const added = {
    versionColumn,
    sourceFileColumn: sourceFileColumn === false ? undefined : sourceFileColumn,
  };
  const reserved = [...addedColumns(added).map((each) => each.name), LAND_TIMESTAMP_COLUMN];
  requireDifferent(definition.name, reserved);
  const tables = Object.entries(definition.tables).map(([name, each]) =>
    readTable(definition.name, name, each),
  );
  for (const { name, processedColumns, curatedColumns } of tables) {
    const taken = [...processedColumns, ...curatedColumns].find((each) => reserved.includes(each.name));
    if (taken) {
      throw new DefinitionError({
        happened: `Pipeline "${definition.name}", table "${name}": the column "${taken.name}" is one that Landfall adds.`,
        next: 'Rename the column (header keeps its name in the landed file), or choose another versionColumn or sourceFileColumn.',
      });
    }
  }
  requireForeignKeys({ name: definition.name, tables });
  requireRejectsArea(definition, tables);
  const { name, database, environment } = definition;
  const folders = {
    environment,
    folder: definition.folder ?? toDataFolderName(database),
    curatedFolder: toFolderName(database),
  };
  const areas = readAreas(definition.areas);
  const areaDatabases = readAreaDatabases(definition.areaDatabases, { name, database, tables });
  return {
    kind: 'landfall-pipeline',
    ...{ name, description: definition.description, database },
    ...folders,
    ...areas,
    allMustPass: definition.allMustPass ?? true,
    complete: readCompleteness(definition.complete),
    triggers: readTriggers(definition.triggers),
    ...added,
    tables,
    derived: readDerivedTables(name, definition.derived, tables),
    areaDatabases,
    publishing: definition.publishing ?? 'move',
    readerCheck: readReaderCheck(definition.readerCheck, {
      ...{ name, database, areaDatabases },
      ...folders,
      ...areas,
    }),
  };
}
