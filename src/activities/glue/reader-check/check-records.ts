import type { ObjectStore } from '../../../adapters/object-store';
import { publishedTables } from '../../../definition/derived-table';
import type { Pipeline } from '../../../definition/pipeline';
import { batchRecordKey } from '../../../layout/log-keys';
import { currentRunId } from '../../context';
import { findRecord, writeRecord, writeRecordOnce } from '../../records';
import type { TableCheck } from './ask-table';

const passedKey = (pipeline: Pipeline, table: string): string => {
  const place = publishedTables(pipeline).findIndex(({ name }) => name === table);
  return batchRecordKey(pipeline, currentRunId(), 'reader-check', place);
};

/** Of a table that this run has found to be as it must: no attempt asks about it again. */
export const findTableCheck = (
  store: ObjectStore,
  pipeline: Pipeline,
  table: string,
): Promise<TableCheck | undefined> =>
  findRecord<TableCheck>(store, pipeline.areas.log, passedKey(pipeline, table));

export const recordPassed = (store: ObjectStore, pipeline: Pipeline, check: TableCheck): Promise<unknown> =>
  writeRecordOnce(store, pipeline.areas.log, passedKey(pipeline, check.table), check);

/** @returns where it is */
export async function recordWanting(
  store: ObjectStore,
  pipeline: Pipeline,
  checks: readonly TableCheck[],
): Promise<string> {
  const { log } = pipeline.areas;
  const key = batchRecordKey(pipeline, currentRunId(), 'reader-check-wanting', 0);
  await writeRecord(store, log, key, { format: 1, tables: checks });
  return `s3://${log}/${key}`;
}

/** What Athena said in this run of each table that changed; only what was as it must be. */
export async function readTableChecks(store: ObjectStore, pipeline: Pipeline): Promise<TableCheck[]> {
  const found = await Promise.all(
    publishedTables(pipeline).map(({ name }) => findTableCheck(store, pipeline, name)),
  );
  return found.filter((check) => check !== undefined);
}
