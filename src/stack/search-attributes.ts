import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { SetupError } from '../errors';
import type { SearchAttributeType, StackOptions } from './stack-options';

const { IndexedValueType } = temporal.api.enums.v1;

const TYPES: Record<SearchAttributeType, temporal.api.enums.v1.IndexedValueType> = {
  Text: IndexedValueType.INDEXED_VALUE_TYPE_TEXT,
  Keyword: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  Int: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  Double: IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE,
  Bool: IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
  Datetime: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
  KeywordList: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
};

/**
 * Adds what the namespace lacks: a server that opens an existing database ignores new `--search-attribute` flags.
 *
 * @throws SetupError when an attribute has another type already.
 */
export async function addMissingSearchAttributes(
  connection: Connection,
  namespace: string,
  wanted: StackOptions['searchAttributes'],
): Promise<void> {
  const missing = await findMissingSearchAttributes(connection, namespace, wanted);
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(([name, type]) => [name, TYPES[type]])),
  });
}

/** @throws SetupError when the namespace of the user's own server lacks an attribute, with the commands to add it. */
export async function requireSearchAttributes(
  connection: Connection,
  namespace: string,
  wanted: StackOptions['searchAttributes'],
): Promise<void> {
  const missing = await findMissingSearchAttributes(connection, namespace, wanted);
  if (missing.length === 0) return;
  const commands = missing.map(
    ([name, type]) =>
      `  temporal operator search-attribute create --namespace ${namespace} --name ${name} --type ${type}`,
  );
  throw new SetupError({
    happened: `The Temporal server of TEMPORAL_ADDRESS lacks search attributes in namespace ${namespace}.`,
    next: `Add them and try again:\n${commands.join('\n')}`,
  });
}

/** @throws SetupError when an attribute has another type already */
export async function findMissingSearchAttributes(
  connection: Connection,
  namespace: string,
  wanted: StackOptions['searchAttributes'],
): Promise<Array<[string, SearchAttributeType]>> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.entries(wanted).filter(([name, type]) => {
    const present = customAttributes[name];
    if (present !== undefined && present !== TYPES[type]) {
      throw new SetupError({
        happened: `Temporal's namespace ${namespace} has the search attribute ${name} with another type than ${type}.`,
        next: 'Start afresh (--fresh) if the embedded stack may forget its state, else use another namespace.',
      });
    }
    return present === undefined;
  });
}
