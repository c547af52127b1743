import { randomUUID } from 'node:crypto';
import {
  BatchDeleteTableCommand,
  GetTablesCommand,
  GlueClient,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { explainFailures, readAwsFailure } from './aws-errors';
import { awsSettings } from './aws-settings';
import { findDatabase } from './glue-changes';
import type { CallOptions } from './object-store';

export interface CatalogueAccess {
  exists: boolean;
}

/**
 * Reads the database, and updates and drops a table that it does not have: what is allowed shows without a change. That
 * databases and tables may be created does not show so.
 * @throws SetupError naming the permission that is lacking
 */
export async function inspectCatalogue(name: string, { signal }: CallOptions = {}): Promise<CatalogueAccess> {
  const glue = new GlueClient({ ...awsSettings(), maxAttempts: 2 });
  const http = signal === undefined ? {} : { abortSignal: signal };
  const Name = `landfall_probe_${randomUUID().replaceAll('-', '')}`;
  const attempt = <T>(doing: string, action: string, work: () => Promise<T>): Promise<T> =>
    explainFailures(
      {
        service: 'GLUE',
        doing: `${doing} the Glue database ${name}`,
        permission: `glue:${action} on the catalogue, the database ${name} and its tables`,
        signal,
      },
      work,
    );
  const found = await attempt('Reading', 'GetDatabase', () => findDatabase({ glue, name, http }));
  if (found) {
    await attempt('Listing the tables of', 'GetTables', () =>
      glue.send(new GetTablesCommand({ DatabaseName: name, MaxResults: 1 }), http),
    );
  }
  const unlessMissing = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (readAwsFailure(error)?.code !== 'EntityNotFoundException') throw error;
    }
  };
  await attempt('Updating a table of', 'UpdateTable', () =>
    unlessMissing(() =>
      glue.send(new UpdateTableCommand({ DatabaseName: name, TableInput: { Name } }), http),
    ),
  );
  await attempt('Dropping a table of', 'BatchDeleteTable', () =>
    unlessMissing(() =>
      glue.send(new BatchDeleteTableCommand({ DatabaseName: name, TablesToDelete: [Name] }), http),
    ),
  );
  return { exists: found !== undefined };
}
