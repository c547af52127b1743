import { createHash } from 'node:crypto';
import {
  BatchCreatePartitionCommand,
  BatchUpdatePartitionCommand,
  DeletePartitionCommand,
  GetTableCommand,
  paginateGetPartitions,
  type Partition,
  type PartitionError,
  type PartitionInput,
} from '@aws-sdk/client-glue';
import { ConflictError } from '../errors';
import { expectAnswered } from './aws-answers';
import { readAwsFailure } from './aws-errors';
import { forEachBounded } from './bounded';
import type { CataloguePartition, CatalogueTable, ListedPartition, PartitionChanges } from './catalogue';
import { comparePartitions } from './compare-partitions';
import type { GlueDatabase } from './glue-changes';
import { toTableInput } from './glue-tables';

/** Glue's documented limit of a BatchCreatePartition and a BatchUpdatePartition. */
const PARTITIONS_A_BATCH = 100;
const DELETES_AT_ONCE = 8;
/** What a partition was declared with, told without its columns: a table may have many thousands of them. */
const DECLARATION = 'landfall.declaration';

const declarationOf = (table: CatalogueTable): string =>
  createHash('sha256')
    .update(JSON.stringify([table.columns, table.storage ?? null]))
    .digest('hex')
    .slice(0, 16);

/** None where there is no such table. */
export async function readPartitions(
  { glue, name, http }: GlueDatabase,
  table: CatalogueTable,
): Promise<ListedPartition[]> {
  const partitions: ListedPartition[] = [];
  const declaration = declarationOf(table);
  const request = { DatabaseName: name, TableName: table.name, ExcludeColumnSchema: true };
  try {
    for await (const page of paginateGetPartitions({ client: glue }, request, http))
      partitions.push(...(page.Partitions ?? []).map((each) => toListed(each, declaration)));
  } catch (error) {
    if (readAwsFailure(error)?.code !== 'EntityNotFoundException') throw error;
  }
  return partitions;
}

const toListed = ({ Values, StorageDescriptor, Parameters }: Partition, declaration: string) => ({
  values: expectAnswered(Values, 'values of a partition'),
  location: StorageDescriptor?.Location ?? '',
  isAsDeclared: Parameters?.[DECLARATION] === declaration,
});

/** New ones first, those to be dropped last. Who comes second finds them there, or gone, and is content. */
export async function changePartitions(
  database: GlueDatabase,
  table: CatalogueTable,
  { added, updated, removed }: PartitionChanges,
): Promise<void> {
  const { glue, name: DatabaseName, http } = database;
  const TableName = table.name;
  const toInput = partitionInputs(table);
  for (const batch of inBatches(added)) {
    const PartitionInputList = batch.map(toInput);
    const create = new BatchCreatePartitionCommand({ DatabaseName, TableName, PartitionInputList });
    refuseErrors(TableName, (await glue.send(create, http)).Errors, 'AlreadyExistsException');
  }
  for (const batch of inBatches(updated)) {
    const Entries = batch.map((each) => ({
      PartitionValueList: [...each.values],
      PartitionInput: toInput(each),
    }));
    const update = new BatchUpdatePartitionCommand({ DatabaseName, TableName, Entries });
    const { Errors = [] } = await glue.send(update, http);
    refuseErrors(TableName, Errors, 'EntityNotFoundException');
  }
  await deletePartitions(database, TableName, removed);
}

/** What is gone already is as good as deleted. */
async function deletePartitions(
  { glue, name: DatabaseName, http }: GlueDatabase,
  TableName: string,
  partitions: readonly CataloguePartition[],
): Promise<void> {
  await forEachBounded(partitions, DELETES_AT_ONCE, async ({ values }) => {
    try {
      await glue.send(
        new DeletePartitionCommand({ DatabaseName, TableName, PartitionValues: [...values] }),
        http,
      );
    } catch (error) {
      if (readAwsFailure(error)?.code !== 'EntityNotFoundException') throw error;
    }
  });
}

/** All of them. */
export const dropPartitions = async (database: GlueDatabase, table: CatalogueTable): Promise<void> =>
  deletePartitions(database, table.name, await readPartitions(database, table));

/**
 * Makes the registered partitions those that the table declares.
 * @throws ConflictError when the table was moved by somebody else since
 */
export async function registerPartitions(database: GlueDatabase, table: CatalogueTable): Promise<void> {
  const changes = comparePartitions(await readPartitions(database, table), table.partitions ?? []);
  const { added, updated, removed } = changes;
  if (added.length + updated.length + removed.length === 0) return;
  await requireAt(database, table);
  await changePartitions(database, table, changes);
}

/** An attempt that wakes up late would take partitions back to a snapshot that the table is past. */
async function requireAt({ glue, name, http }: GlueDatabase, table: CatalogueTable): Promise<void> {
  const read = new GetTableCommand({ DatabaseName: name, Name: table.name });
  const { Table: found } = await glue.send(read, http);
  if (found?.StorageDescriptor?.Location === table.location) return;
  throw new ConflictError({
    happened: `The table ${name}.${table.name} was moved by somebody else before its partitions were registered.`,
    unchanged: 'Its partitions were left as they are.',
    next: 'Publish again: the database is compared afresh. Make sure that only one pipeline publishes it.',
  });
}

function partitionInputs(table: CatalogueTable): (partition: CataloguePartition) => PartitionInput {
  const { StorageDescriptor } = toTableInput(table);
  const Parameters = { [DECLARATION]: declarationOf(table) };
  return ({ values, location }) => ({
    Values: [...values],
    StorageDescriptor: { ...StorageDescriptor, Location: location },
    Parameters,
  });
}

const inBatches = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / PARTITIONS_A_BATCH) }, (_, at) =>
    all.slice(at * PARTITIONS_A_BATCH, (at + 1) * PARTITIONS_A_BATCH),
  );

/** A batch answers 200 with failures inside; this gives them the form of any other. */
function refuseErrors(table: string, errors: readonly PartitionError[] | undefined, expected: string): void {
  const refused = errors?.find(({ ErrorDetail }) => ErrorDetail?.ErrorCode !== expected);
  if (!refused) return;
  const { ErrorCode: name = 'UnknownError', ErrorMessage = 'not changed' } = refused.ErrorDetail ?? {};
  const values = (refused.PartitionValues ?? []).join('/');
  const message = `partition ${values} of table ${table}: ${ErrorMessage}`;
  throw Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
}
