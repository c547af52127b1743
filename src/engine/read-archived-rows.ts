import { basename } from 'node:path';
import { collectTableFindings } from '../checks/collect-findings';
import { describeFinding } from '../checks/describe-finding';
import { judgeRejects } from '../checks/judge-rejects';
import type { Table } from '../definition/pipeline';
import { IntegrityError } from '../errors';
import { captureReasons, type RejectReason } from './capture-reasons';
import { compileRowChecks } from './check-whole-rows';
import { measureSource } from './measure-source';
import { readTableRows } from './read-table-rows';
import type { RowBatch } from './row-batch';
import type { ReadingContext } from './task-context';
import type { TransformFileTask } from './tasks';
import { unpackSource } from './unpack-source';

export interface RowSink {
  /** Takes the rows that have passed. */
  write(batch: RowBatch): Promise<void>;
}

export interface RejectSink {
  readonly rows: number;
  write(batch: RowBatch, index: number, reasons: readonly RejectReason[]): Promise<void>;
}

const UNCHANGED = 'The archived file is as it was; nothing was written.';

/**
 * Reads the archived file again, from its bytes to `sink`, and what does not pass, where the table allows it, to
 * `rejects`.
 * @returns how many rows it has
 * @throws IntegrityError when it is missing, when its bytes are not those that were checked, or do not pass any more
 */
export async function readArchivedRows(
  task: Pick<TransformFileTask, 'pipeline' | 'source' | 'sha256' | 'fileName' | 'rejectsAccepted'>,
  table: Table,
  sink: RowSink,
  rejects: RejectSink | undefined,
  context: ReadingContext,
): Promise<number> {
  const { source: object } = task;
  const location = `s3://${object.bucket}/${object.key}`;
  const findings = captureReasons(collectTableFindings(table, object.key));
  const opened = await context.store.open(object);
  if (!opened) throw missing(location);
  const { body } = opened;
  const source = measureSource(body);
  const parsedFile = { pipeline: task.pipeline, table: table.name, file: task.fileName };
  let rows = 0;
  try {
    for await (const batch of readTableRows(
      unpackSource(basename(object.key), source, findings, table.format),
      { ...table, tempFolder: context.tempFolder, parsedFile },
      findings,
      compileRowChecks(table, findings),
    )) {
      rows += batch.length;
      await sink.write(batch);
      for (let index = 0; index < batch.length; index += 1)
        if (batch.passed[index] === 0)
          await rejects?.write(batch, index, findings.takeReasons(batch.rows[index] as number));
      context.onProgress({ bytes: source.bytes, rows });
    }
    await source.drain();
  } finally {
    body.destroy();
  }
  const sha256 = source.sha256();
  if (sha256 !== task.sha256) {
    throw new IntegrityError({
      happened: `${location} has the SHA-256 ${sha256}, but the file that was checked had ${task.sha256}.`,
      unchanged: UNCHANGED,
      next: 'Find out who changed the archived object, and restore its first version, before this is run again.',
    });
  }
  const accepted = task.rejectsAccepted ?? false;
  const judged = judgeRejects(table, object.key, findings.list(), {
    rows,
    rejected: rejects?.rows ?? 0,
    accepted,
  });
  const [first] = judged.findings;
  if (first) {
    throw new IntegrityError({
      happened: `${location} was archived because it passed its check, and does not pass it any more: ${describeFinding(first, rows)}`,
      unchanged: UNCHANGED,
      next:
        table.format.name === 'custom'
          ? `Make the parser and the columns of table "${table.name}" fit what is archived, the parser pure (the same bytes give the same rows, each time), then run again.`
          : `Make the columns of table "${table.name}" fit what is archived, then run again.`,
    });
  }
  return rows;
}

const missing = (location: string): IntegrityError =>
  new IntegrityError({
    happened: `${location} is missing.`,
    unchanged: 'Nothing of it was processed.',
    next: 'Run the pipeline again; a copy in raw is made anew from raw-hist. If it is missing in raw-hist, restore it there.',
  });
