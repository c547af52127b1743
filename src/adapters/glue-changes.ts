import {
  BatchDeleteTableCommand,
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  GetDatabaseCommand,
  paginateGetTables,
  UpdateDatabaseCommand,
  UpdateTableCommand,
  type Database,
  type GlueClient,
  type Table,
  type TableError,
  type TableInput,
} from '@aws-sdk/client-glue';
import { ConflictError } from '../errors';
import { readAwsFailure } from './aws-errors';
import type { CatalogueDatabase } from './catalogue';

/** Glue's documented limit of a BatchDeleteTable. */
const TABLES_A_DELETE = 25;

/** One database, and how to end the calls on it. */
export interface GlueDatabase {
  glue: GlueClient;
  name: string;
  http: { abortSignal?: AbortSignal };
}

export async function findDatabase({ glue, name, http }: GlueDatabase): Promise<Database | undefined> {
  try {
    return (await glue.send(new GetDatabaseCommand({ Name: name }), http)).Database;
  } catch (error) {
    if (readAwsFailure(error)?.code === 'EntityNotFoundException') return undefined;
    throw error;
  }
}

export async function ensureDatabase(database: GlueDatabase, declared: CatalogueDatabase): Promise<void> {
  const { glue, name, http } = database;
  const Description = declared.description ?? '';
  const existing = await findDatabase(database);
  if (!existing) {
    const create = new CreateDatabaseCommand({ DatabaseInput: { Name: name, Description } });
    await sendUnlessOvertaken(`The Glue database ${name}`, () => glue.send(create, http));
  } else if ((existing.Description ?? '') !== Description) {
    const { LocationUri, Parameters, CreateTableDefaultPermissions } = existing;
    const kept = { LocationUri, Parameters, CreateTableDefaultPermissions };
    await glue.send(
      new UpdateDatabaseCommand({ Name: name, DatabaseInput: { Name: name, Description, ...kept } }),
      http,
    );
  }
}

export async function readTables({ glue, name, http }: GlueDatabase): Promise<Table[]> {
  const tables: Table[] = [];
  for await (const page of paginateGetTables({ client: glue }, { DatabaseName: name }, http)) {
    tables.push(...(page.TableList ?? []));
  }
  return tables;
}

export async function createTable({ glue, name, http }: GlueDatabase, table: TableInput): Promise<void> {
  const create = new CreateTableCommand({ DatabaseName: name, TableInput: table });
  await sendUnlessOvertaken(`The table ${name}.${table.Name}`, () => glue.send(create, http));
}

/** Moves the table from just the version that was compared; old versions would pile up to Glue's limit. */
export async function updateTable(
  { glue, name, http }: GlueDatabase,
  table: TableInput,
  VersionId: string | undefined,
): Promise<void> {
  const update = new UpdateTableCommand({
    DatabaseName: name,
    TableInput: table,
    VersionId,
    SkipArchive: true,
  });
  await sendUnlessOvertaken(`The table ${name}.${table.Name}`, () => glue.send(update, http));
}

export async function dropTables(
  { glue, name, http }: GlueDatabase,
  tables: readonly string[],
): Promise<void> {
  for (let start = 0; start < tables.length; start += TABLES_A_DELETE) {
    const TablesToDelete = tables.slice(start, start + TABLES_A_DELETE);
    const { Errors = [] } = await glue.send(
      new BatchDeleteTableCommand({ DatabaseName: name, TablesToDelete }),
      http,
    );
    const refused = Errors.find(({ ErrorDetail }) => ErrorDetail?.ErrorCode !== 'EntityNotFoundException');
    if (refused) throw toServiceFailure(refused);
  }
}

/** Its tables first: Glue would delete them some time after the database, and new ones of the same names could be among them. */
export async function dropDatabase(database: GlueDatabase, tables: readonly string[]): Promise<void> {
  await dropTables(database, tables);
  const { glue, name, http } = database;
  try {
    await glue.send(new DeleteDatabaseCommand({ Name: name }), http);
  } catch (error) {
    if (readAwsFailure(error)?.code !== 'EntityNotFoundException') throw error;
  }
}

/** Somebody else created, changed or dropped the thing since it was read; a new comparison sorts that out. */
async function sendUnlessOvertaken(what: string, send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    const code = readAwsFailure(error)?.code ?? '';
    if (!/^(AlreadyExists|EntityNotFound|ConcurrentModification)Exception$/.test(code)) throw error;
    throw new ConflictError(
      {
        happened: `${what} was created, changed or dropped by somebody else while it was published (${code}).`,
        unchanged: 'Their change was not overwritten and nothing was dropped.',
        next: 'Publish again: the database is compared afresh. Make sure that only one pipeline publishes it.',
      },
      { cause: error },
    );
  }
}

/** The batch answers 200 with failures inside; this gives them the form of any other. */
function toServiceFailure({ TableName, ErrorDetail }: TableError): Error {
  const message = `table ${TableName}: ${ErrorDetail?.ErrorMessage ?? 'not deleted'}`;
  const name = ErrorDetail?.ErrorCode ?? 'UnknownError';
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
}
