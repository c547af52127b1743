import { GlueClient, type Table, type TableInput } from '@aws-sdk/client-glue';
import { explainFailures } from './aws-errors';
import { awsSettings } from './aws-settings';
import { forEachBounded } from './bounded';
import type { Catalogue, CatalogueChanges, CatalogueDatabase, PublishOptions } from './catalogue';
import {
  createTable,
  dropDatabase,
  dropTables,
  ensureDatabase,
  findDatabase,
  readTables,
  updateTable,
  type GlueDatabase,
} from './glue-changes';
import { changePartitions, dropPartitions, readPartitions, registerPartitions } from './glue-partitions';
import { fromGlueTable, isAsDeclared, nameOf, toTableInput, type NamedTableInput } from './glue-tables';
import type { CallOptions } from './object-store';

/** Few enough for Glue's request rate, enough that the tables of a database move within moments of each other. */
const CONCURRENT_TABLES = 8;

/** The client comes from the environment unless it is given. */
export function createGlueCatalogue(
  { glue }: { glue: GlueClient } = { glue: new GlueClient(awsSettings()) },
): Catalogue {
  return {
    publishDatabase: (declared, { signal, ...options } = {}) =>
      explainGlueFailures('Publishing', declared.name, signal, () =>
        publishTables({ glue, name: declared.name, http: toHttp(signal) }, declared, options),
      ),
    dropTables: (name, tables, { signal } = {}) =>
      explainGlueFailures('Dropping tables of', name, signal, () =>
        dropTables({ glue, name, http: toHttp(signal) }, tables),
      ),
    readDatabase: (name, { signal } = {}) =>
      explainGlueFailures('Reading', name, signal, () =>
        readDeclaration({ glue, name, http: toHttp(signal) }),
      ),
    readPartitions: (name, table, { signal } = {}) =>
      explainGlueFailures('Listing the partitions of', name, signal, () =>
        readPartitions({ glue, name, http: toHttp(signal) }, table),
      ),
    changePartitions: (name, table, changes, { signal } = {}) =>
      explainGlueFailures('Changing partitions of', name, signal, () =>
        changePartitions({ glue, name, http: toHttp(signal) }, table, changes),
      ),
  };
}

async function publishTables(
  database: GlueDatabase,
  declared: CatalogueDatabase,
  { confirm, dropFirst = false }: Omit<PublishOptions, 'signal'>,
): Promise<CatalogueChanges> {
  if (!dropFirst) await ensureDatabase(database, declared);
  const found = dropFirst && !(await findDatabase(database)) ? [] : await readTables(database);
  // After the read: whoever publishes from now on changes a VersionId, and the update is refused.
  await confirm?.(found.map(fromGlueTable));
  if (dropFirst) {
    await dropDatabase(database, found.map(nameOf));
    await ensureDatabase(database, declared);
  }
  const existing = new Map((dropFirst ? [] : found).map((table) => [nameOf(table), table]));
  const created: NamedTableInput[] = [];
  const updated: NamedTableInput[] = [];
  const unchanged: NamedTableInput[] = [];
  for (const table of declared.tables.map(toTableInput)) {
    const before = existing.get(table.Name);
    if (!before) created.push(table);
    else if (isAsDeclared(before, table)) unchanged.push(table);
    else updated.push(table);
  }
  const stays = new Set(declared.tables.map(({ name }) => name));
  const dropped = [...existing.keys()].filter((name) => !stays.has(name));

  await forEachBounded(created, CONCURRENT_TABLES, (table) => createTable(database, table));
  await forEachBounded(updated, CONCURRENT_TABLES, async (table) => {
    const before = existing.get(table.Name);
    if (before && hasOtherKeys(before, table)) await dropPartitions(database, fromGlueTable(before));
    await updateTable(database, table, before?.VersionId);
  });
  for (const table of declared.tables) if (table.partitions) await registerPartitions(database, table);
  await dropTables(database, dropped);

  const names = (tables: NamedTableInput[]) => tables.map(({ Name }) => Name);
  return { created: names(created), updated: names(updated), unchanged: names(unchanged), dropped };
}

/** Partitions of other keys have another number of values, or values of something else. */
const hasOtherKeys = (before: Table, after: TableInput): boolean =>
  (before.PartitionKeys ?? []).map(({ Name }) => Name).join() !==
  (after.PartitionKeys ?? []).map(({ Name }) => Name).join();

async function readDeclaration(database: GlueDatabase): Promise<CatalogueDatabase | undefined> {
  const found = await findDatabase(database);
  if (!found) return undefined;
  const tables = (await readTables(database)).map(fromGlueTable);
  return { name: database.name, ...(found.Description && { description: found.Description }), tables };
}

const toHttp = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });

const PERMISSIONS = {
  Reading: 'glue:GetDatabase and glue:GetTables',
  'Dropping tables of': 'glue:BatchDeleteTable',
  'Listing the partitions of': 'glue:GetPartitions',
  'Changing partitions of': 'glue:BatchCreatePartition, BatchUpdatePartition and DeletePartition',
  Publishing:
    'glue:GetDatabase, CreateDatabase, UpdateDatabase, GetTables, CreateTable, UpdateTable and BatchDeleteTable (to drop and recreate also DeleteDatabase; with partitionBy also GetTable, GetPartitions, BatchCreatePartition, BatchUpdatePartition and DeletePartition)',
};

function explainGlueFailures<T>(
  verb: keyof typeof PERMISSIONS,
  name: string,
  signal: CallOptions['signal'],
  work: () => Promise<T>,
): Promise<T> {
  const permission = `${PERMISSIONS[verb]} on the catalogue, the database ${name} and its tables`;
  return explainFailures(
    { service: 'GLUE', doing: `${verb} the Glue database ${name}`, permission, signal },
    work,
  );
}
