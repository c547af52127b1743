import { z } from 'zod';
import { DefinitionError } from '../errors';
import { glueName } from './name-schemas';
import type { Table } from './pipeline';
import { whyUnreadable } from './why-unreadable';

/** An area whose folders can be tables as they are. */
export type TableArea = 'rawHist' | 'processed';

/** A Glue database over an area's own folders. */
export interface AreaDatabaseDefinition<Name extends string = string> {
  database: string;
  /** Names of the pipeline's tables that it has. @default all that are in the area */
  tables?: readonly Name[];
}

/** The database of each area that is to have one: its name, or its name and which tables it has. */
export type AreaDatabasesDefinition<Name extends string = string> = {
  [A in TableArea]?: string | AreaDatabaseDefinition<Name>;
};

/** The same with every default filled in. */
export interface AreaDatabase {
  area: TableArea;
  database: string;
  tables: readonly Table[];
}

const areaDatabase = z.union([
  glueName,
  z.strictObject({ database: glueName, tables: z.array(z.string()).min(1).optional() }),
]);

export const areaDatabasesSchema = z.strictObject({
  rawHist: areaDatabase.optional(),
  processed: areaDatabase.optional(),
});

/** @throws DefinitionError where a name is taken, a table is unknown, or its files are none that Athena reads as they are */
export function readAreaDatabases(
  given: AreaDatabasesDefinition = {},
  pipeline: { name: string; database: string; tables: readonly Table[] },
): AreaDatabase[] {
  const read: AreaDatabase[] = [];
  for (const area of ['rawHist', 'processed'] as const) {
    const named = given[area];
    if (named === undefined) continue;
    const { database, tables: names } =
      typeof named === 'string' ? { database: named, tables: undefined } : named;
    const where = `Pipeline "${pipeline.name}": areaDatabases.${area}`;
    if ([pipeline.database, ...read.map((each) => each.database)].includes(database)) {
      throw new DefinitionError({
        happened: `${where} is "${database}", which is the name of another of its databases.`,
        next: `Give it a name of its own, such as ${pipeline.database}_${area === 'rawHist' ? 'raw_hist' : 'processed'}: a publish keeps nothing in ${pipeline.database} but the curated tables.`,
      });
    }
    const hasNone = ({ source }: Table): boolean => area === 'processed' && source === 'raw-hist';
    const others = pipeline.tables.filter((table) => !hasNone(table)).map(({ name }) => name);
    const tables = (names ?? others).map((name) => requireTable(where, pipeline.tables, name));
    const unprocessed = tables.find(hasNone);
    if (unprocessed) throw notProcessed(where, unprocessed);
    if (tables.length === 0) throw withoutTables(where);
    if (area === 'rawHist') for (const table of tables) requireReadable(where, table);
    read.push({ area, database, tables: pipeline.tables.filter((table) => tables.includes(table)) });
  }
  return read;
}

function requireTable(where: string, tables: readonly Table[], name: string): Table {
  const table = tables.find((each) => each.name === name);
  if (table) return table;
  throw new DefinitionError({
    happened: `${where}.tables names "${name}", which is not one of its tables.`,
    next: `Name one of: ${tables.map((each) => each.name).join(', ')}.`,
  });
}

const notProcessed = (where: string, { name }: Table): DefinitionError =>
  new DefinitionError({
    happened: `${where}.tables names "${name}", of which nothing is processed: its curated.source is 'raw-hist'.`,
    next: 'Leave it out; or name it in areaDatabases.rawHist.tables.',
  });

const withoutTables = (where: string): DefinitionError =>
  new DefinitionError({
    happened: `${where} would have no table: nothing of any is processed, as curated.source has it.`,
    next: 'Leave it out; or have a database over raw-hist (areaDatabases.rawHist).',
  });

function requireReadable(where: string, table: Table): void {
  const problem = whyUnreadable(table);
  if (problem === undefined) return;
  throw new DefinitionError({
    happened: `${where}: Athena cannot read the files of table "${table.name}" exactly as they land: ${problem.why}.`,
    next: `${problem.next} Or name the tables that it is to have (areaDatabases.rawHist.tables), without this one.`,
  });
}
