import { randomUUID } from 'node:crypto';
import type { Catalogue, CatalogueTable } from '../../../adapters/catalogue';
import type { CallOptions } from '../../../adapters/object-store';
import type { Pipeline } from '../../../definition/pipeline';
import type { ReaderCheck } from '../../../definition/reader-check';
import { ConflictError, SetupError } from '../../../errors';

/** Says whose check a table was declared for. */
const CHECKED_FOR = 'landfall.reader_check';
const DROP_PATIENCE_MS = 30_000;
const LONGEST_NAME = 200;

/** A table as it is about to be published, under a name that no other attempt has. */
export interface CheckedTable {
  name: string;
  published: CatalogueTable;
}

/** What is in the checking database and was not made by this pipeline's check. */
export async function findStrangers(
  catalogue: Catalogue,
  pipeline: Pick<Pipeline, 'name'>,
  { database }: ReaderCheck,
  options: CallOptions,
): Promise<string[]> {
  const { tables = [] } = (await catalogue.readDatabase(database, options)) ?? {};
  return tables.filter((table) => table.parameters[CHECKED_FOR] !== pipeline.name).map(({ name }) => name);
}

/**
 * Declares the tables in the checking database while `work` is under way, with the columns, format and location that they
 * are about to be published with. What earlier attempts left there goes.
 * @throws SetupError where the database is somebody else's
 */
export async function whileDeclared(
  catalogue: Catalogue,
  pipeline: Pipeline,
  check: ReaderCheck,
  { tables, signal }: { tables: readonly CatalogueTable[]; signal: AbortSignal },
  work: (tables: readonly CheckedTable[]) => Promise<void>,
): Promise<void> {
  const strangers = await findStrangers(catalogue, pipeline, check, { signal });
  if (strangers.length > 0) throw notOurs(pipeline, check, strangers);
  const { database } = check;
  const checked = tables.map((published) => ({ name: uniqueName(published.name), published }));
  const names = checked.map(({ name }) => name);
  try {
    const description = `Tables of pipeline ${pipeline.name} while Landfall checks them: nothing to be read`;
    const declared = checked.map(({ name, published: { parameters, ...table } }) => ({
      ...{ ...table, name },
      parameters: { ...parameters, [CHECKED_FOR]: pipeline.name },
    }));
    await catalogue.publishDatabase({ name: database, description, tables: declared }, { signal });
    await work(checked);
  } catch (error) {
    // What led here is what has to be told; whatever stays goes with the next check.
    await drop(catalogue, database, names).catch(() => undefined);
    throw error;
  }
  await drop(catalogue, database, names);
}

/** Also when the activity was cancelled. */
const drop = (catalogue: Catalogue, database: string, names: readonly string[]): Promise<void> =>
  catalogue.dropTables(database, names, { signal: AbortSignal.timeout(DROP_PATIENCE_MS) });

const uniqueName = (table: string): string =>
  `${table.slice(0, LONGEST_NAME)}_${randomUUID().replaceAll('-', '')}`;

/** @throws ConflictError where another attempt took a table away: what Athena said of it may be about that */
export async function requireStillThere(
  catalogue: Catalogue,
  { database }: ReaderCheck,
  checked: readonly CheckedTable[],
  signal: AbortSignal,
): Promise<void> {
  const { tables = [] } = (await catalogue.readDatabase(database, { signal })) ?? {};
  const gone = checked.find(({ name }) => !tables.some((table) => table.name === name));
  if (!gone) return;
  throw new ConflictError({
    happened: `The table ${database}.${gone.name} was dropped by somebody else while Athena was asked about it.`,
    unchanged: 'Nothing was published.',
    next: 'It is asked again. If it stays like this, see that no other pipeline has the same readerCheck.database.',
  });
}

const notOurs = (pipeline: Pipeline, { database }: ReaderCheck, strangers: readonly string[]): SetupError =>
  new SetupError({
    happened: `The Glue database ${database}, in which pipeline "${pipeline.name}" checks its tables, has tables that were not made for that: ${strangers.slice(0, 5).join(', ')}.`,
    unchanged: 'Nothing of it was dropped, and nothing was published.',
    next: 'Name a database in readerCheck.database that is nobody else’s; it is made where it is missing.',
  });
