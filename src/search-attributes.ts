import { Connection } from '@temporalio/client';
import { searchAttributes } from './layout/search-attributes';
import { cannotReachTemporal, readTemporalTarget } from './temporal-connection';
import { addMissingSearchAttributes, requireSearchAttributes } from './stack/search-attributes';
import type { SearchAttributeType } from './stack/stack-options';

const TYPES = { KEYWORD: 'Keyword', INT: 'Int' } as const;

/** The search attributes that a namespace must have for Landfall, by name. */
export const searchAttributeTypes: Record<string, SearchAttributeType> = Object.fromEntries(
  Object.values(searchAttributes).map(({ name, type }) => [name, TYPES[type]]),
);

/** @throws SetupError with the commands to run, where they are missing and may not be added from here */
export async function ensureSearchAttributes(): Promise<void> {
  const { connectionOptions, address, namespace } = readTemporalTarget();
  const connection = await Connection.connect(connectionOptions).catch((error: unknown) => {
    throw cannotReachTemporal(address, error);
  });
  try {
    await addMissingSearchAttributes(connection, namespace, searchAttributeTypes).catch(() =>
      requireSearchAttributes(connection, namespace, searchAttributeTypes),
    );
  } finally {
    await connection.close();
  }
}
