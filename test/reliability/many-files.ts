import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { LandfallClient } from '../../src/client';
import { runWorkflowId } from '../../src/layout/workflow-names';
import { readTemporalTarget } from '../../src/temporal-connection';
import type { TestPipeline } from '../support/test-pipeline';
import { inWords, type CaseGroup } from './case';
import { hashArchive, sha256 } from './content';
import { FaultProxy, type Call, type Fault } from './fault-proxy';
import { createLivePipeline, GIVEN, startLiveWorker } from './live-line';
import { note } from './notes';

const FILES = 10_000;
const QUICK_FILES = 300;
const LANDED_AT_ONCE = 32;
const ONE_CALL_IN = 100;
const FAULTS: readonly Fault[] = [
  { status: 500, code: 'InternalError' },
  { status: 503, code: 'SlowDown' },
  'reset',
  'lost',
];
const TABLES = `a: table({ columns: { id: column.int64() } }),`;

const contentOf = (file: number): string => `id\n${file}\n`;
const nameOf = (file: number): string => `a-data/${String(file).padStart(6, '0')}.csv`;

/** A hash of the place (SplitMix32), so that the same call meets the same fault in every run. */
function drawAt(place: number, seed: number): number {
  let value = (seed + Math.imul(place, 0x9e3779b9)) | 0;
  value = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  value = Math.imul(value ^ (value >>> 15), 0x735a2d97);
  return (value ^ (value >>> 15)) >>> 0;
}

async function landFiles(pipeline: TestPipeline, files: number): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: LANDED_AT_ONCE }, async () => {
      for (let file = next++; file < files; file = next++) await pipeline.land(nameOf(file), contentOf(file));
    }),
  );
}

const mostResidentMb = (pid: number | undefined): number =>
  Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);

async function describeHistory(pipeline: string): Promise<string> {
  const { connectionOptions, namespace } = readTemporalTarget();
  const connection = await Connection.connect(connectionOptions);
  try {
    const { workflow } = new Client({ connection, namespace });
    const { historyLength, raw } = await workflow.getHandle(runWorkflowId(pipeline, GIVEN)).describe();
    const bytes = Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0);
    return `history of ${historyLength} events, ${Math.round(bytes / 1024)} KiB`;
  } finally {
    await connection.close();
  }
}

async function judge(files: number): Promise<string[]> {
  const pipeline = await createLivePipeline({ name: 'many files', hasRaw: false, tables: TABLES, files: {} });
  await landFiles(pipeline, files);
  let calls = 0;
  let faults = 0;
  const proxy = await FaultProxy.open(({ isGlue }: Call) => {
    if (isGlue) return undefined;
    const draw = drawAt((calls += 1), files);
    if (draw % ONE_CALL_IN !== 0) return undefined;
    faults += 1;
    return FAULTS[Math.floor(draw / ONE_CALL_IN) % FAULTS.length];
  });
  const worker = await startLiveWorker([pipeline], { AWS_ENDPOINT_URL: proxy.endpoint });
  const client = await LandfallClient.connect();
  try {
    const began = Date.now();
    const result = await client.run(pipeline.name, { fileLandTimestamp: GIVEN });
    const seconds = Math.round((Date.now() - began) / 1000);
    note(
      `${files} files in ${seconds} s; ${faults} of ${calls} calls to S3 at fault; ${await describeHistory(pipeline.name)}; the worker at most ${mostResidentMb(worker.process.pid)} MiB`,
    );
    const wrong: string[] = [];
    const published = result?.tables[0]?.published ?? 0;
    if (published !== files) wrong.push(`${published} rows are published of ${files}`);
    const expected = Array.from({ length: files }, (_, file) => sha256(contentOf(file)));
    const archived = await hashArchive(pipeline);
    const different = expected.filter((each, file) => archived[file] !== each).length;
    if (different > 0) wrong.push(`${different} files are not in raw-hist as they landed`);
    if (archived.length !== files) wrong.push(`${archived.length} objects in raw-hist of ${files}`);
    const processed = (await pipeline.list('processed')).length;
    if (processed !== files) wrong.push(`${processed} objects in processed of ${files}`);
    const left = (await pipeline.list('land')).length;
    if (left > 0) wrong.push(`${left} files are left in land`);
    return wrong;
  } finally {
    await worker.stop();
    await client.close();
    proxy.close();
    pipeline.remove();
  }
}

/** One delivery of many small files through a real worker, and each hundredth call to S3 goes wrong. */
const manyFilesOf = (files: number, quick: number): CaseGroup => ({
  name: `a delivery of ${files} files, one call in ${ONE_CALL_IN} at fault`,
  on: 'emulator',
  quick,
  longestMs: 3_600_000,
  lanes: 1,
  cases: () => Promise.resolve([{ name: 'the delivery', run: () => inWords(() => judge(files)) }]),
});

export const manyFiles = manyFilesOf(FILES, 0);
export const someFiles = manyFilesOf(QUICK_FILES, 1);
