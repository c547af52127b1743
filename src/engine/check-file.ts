import { boundFindings, collectTableFindings, type FindingCollector } from '../checks/collect-findings';
import { judgeRejects } from '../checks/judge-rejects';
import type { Table } from '../definition/pipeline';
import { findTable } from '../definition/find-pipeline';
import { IntegrityError } from '../errors';
import { compileRowChecks } from './check-whole-rows';
import { measureSource, type MeasuredSource } from './measure-source';
import { readTableRows } from './read-table-rows';
import type { TaskContext } from './task-context';
import { nameOfLanded } from './landed-name';
import type { CheckFileResult, CheckFileTask } from './tasks';
import { unpackSource } from './unpack-source';
import { watchKeys } from './watch-keys';

/** What a check works with: of the store it only reads. */
export interface CheckContext extends Omit<TaskContext, 'store'> {
  store: Pick<TaskContext['store'], 'read'>;
}

/** Reads every row, whatever is wrong before it. */
async function checkRows(
  source: MeasuredSource,
  table: Table,
  fileName: string,
  findings: FindingCollector,
  context: CheckContext & { pipeline: string },
): Promise<{ rows: number; rejected: number }> {
  const keys = watchKeys(table, findings, context.tempFolder);
  const content = unpackSource(fileName, source, findings, table.format);
  const { pipeline, tempFolder } = context;
  const parsedFile = { pipeline, table: table.name, file: fileName };
  const reading = { ...table, tempFolder, parsedFile };
  let rows = 0;
  let rejected = 0;
  for await (const batch of readTableRows(content, reading, findings, compileRowChecks(table, findings))) {
    rows += batch.length;
    rejected += table.rejects ? batch.keepPassed() : batch.countRefused();
    // Of a row that will be left out no key is taken.
    keys.add(batch);
    await keys.relieve();
    context.onProgress({ bytes: source.bytes, rows });
  }
  await keys.finish();
  return { rows, rejected };
}

function checkRowCount(
  rows: number,
  { rows: { min, max }, format }: Table,
  findings: FindingCollector,
): void {
  const expected = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `${min} to ${max}`;
  // Nothing else is wrong: there is a header, and nothing behind it.
  const isHeaderAlone = rows === 0 && findings.size === 0 && format.name === 'csv' && format.header;
  const received = isHeaderAlone ? '0 behind its header' : String(rows);
  if (rows < min) findings.addToFile('too-few-rows', { expected, received });
  if (rows > max) findings.addToFile('too-many-rows', { expected, received: String(rows) });
}

/**
 * F1 for one file, in one pass over the pinned object: its size, its SHA-256 and everything that is wrong with it. It
 * changes nothing.
 *
 * @throws IntegrityError when the store gives more or fewer bytes than it said the object has
 */
export async function checkFile(task: CheckFileTask, context: CheckContext): Promise<CheckFileResult> {
  const table = findTable(context.pipelines, task.pipeline, task.table);
  const { source: object } = task;
  const findings = collectTableFindings(table, object.key);
  const body = await context.store.read(object);
  const source = measureSource(body, { md5: task.md5 ?? false });
  let counted: { rows: number; rejected: number };
  try {
    counted = await checkRows(source, table, nameOfLanded(object), findings, {
      ...context,
      pipeline: task.pipeline,
    });
    await source.drain();
  } finally {
    body.destroy();
  }
  if (source.bytes !== object.size) {
    throw new IntegrityError({
      happened: `s3://${object.bucket}/${object.key} should have ${object.size} bytes, but ${source.bytes} were read.`,
      unchanged: 'Nothing was moved.',
      next: 'Run again; if it happens again, look at what stands between Landfall and the store.',
    });
  }
  const { rows, rejected } = counted;
  checkRowCount(rows, table, findings);
  const accepted = task.rejectsAccepted ?? false;
  const judged = judgeRejects(table, object.key, findings.list(), { rows, rejected, accepted });
  const tolerated = boundFindings(judged.tolerated);
  const md5 = source.md5();
  return {
    bytes: source.bytes,
    sha256: source.sha256(),
    ...(md5 === undefined ? {} : { md5 }),
    rows,
    rejected: judged.tolerated.length > 0 ? rejected : 0,
    ...boundFindings(judged.findings),
    tolerated: tolerated.findings,
    moreTolerated: tolerated.moreFindings,
  };
}
