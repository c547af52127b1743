import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { LandfallClient } from '../../src/client';
import {
  intakeWorkflowId,
  listenerWorkflowId,
  maintenanceWorkflowId,
  runWorkflowId,
  sweepId,
} from '../../src/layout/workflow-names';
import type { GcResult, RecreateResult, RollbackResult } from '../../src/layout/maintenance';
import { searchAttributeTypes } from '../../src/search-attributes';
import { startStack } from '../../src/stack/start-stack';
import { readTemporalTarget } from '../../src/temporal-connection';
import { startFaultyStore } from '../adapters/faulty-store';
import { startTestWorker } from '../support/run-landfall';
import { createTestPipeline, REPOSITORY, type TestPipeline } from '../support/test-pipeline';
import { createTestQueue } from '../support/test-queue';
import { until } from '../support/until';

const HISTORIES = join(__dirname, 'histories');

const numbers = (count: number): string =>
  `id\n${Array.from({ length: count }, (_, index) => index + 1).join('\n')}\n`;

const tables = (apply: string): string => `numbers: table({
      files: { required: false },
      columns: { id: column.int64() },
      transform: { columns: { id: column.int64() }, apply: ${apply} },
    }),
    others: table({ files: { required: false }, columns: { id: column.int64() } }),`;
const WORKS = '({ frame }) => frame';
const FAILS = "() => { throw new Error('not today'); }";

/** Where a run was, who ran it and from which folder is nobody's business and changes with every recording. */
function withoutPlaces(history: unknown): string {
  return JSON.stringify(
    history,
    (name, value: unknown) => {
      if (name === 'stackTrace') return '';
      if (typeof value !== 'string') return value;
      return value.replaceAll(/\d+@[\w.-]+/g, 'worker@host');
    },
    1,
  );
}

class Recorder {
  constructor(
    private readonly client: Client,
    private readonly landfall: LandfallClient,
  ) {}

  async save(name: string, workflowId: string, runId?: string): Promise<void> {
    const history = await this.client.workflow.getHandle(workflowId, runId).fetchHistory();
    writeFileSync(join(HISTORIES, `${name}.json`), `${withoutPlaces(JSON.parse(historyToJSON(history)))}\n`);
    process.stdout.write(`${name}: ${history.events?.length ?? 0} events\n`);
  }

  /** Takes what waits and waits for the end, whatever it is. */
  async run(
    name: string,
    { name: pipeline }: TestPipeline,
    meanwhile?: (timestamp: number) => Promise<void>,
  ): Promise<void> {
    const taken = await this.landfall.takeDelivery(pipeline);
    if (taken.kind !== 'run') throw new Error(`${name}: a run was expected, not ${taken.kind}`);
    await meanwhile?.(taken.fileLandTimestamp);
    await this.landfall.result(pipeline, taken.fileLandTimestamp).catch(() => undefined);
    await this.save(name, runWorkflowId(pipeline, taken.fileLandTimestamp));
  }
}

/** Records one history of every way that a run, and the intake with it, can go. */
async function recordAll(recorder: Recorder, landfall: LandfallClient): Promise<void> {
  const pipeline = await createTestPipeline({ tables: tables(WORKS) });
  let worker = await startTestWorker([pipeline.module]);
  const release = async (apply: string): Promise<void> => {
    pipeline.release({ tables: tables(apply) });
    await worker.stop();
    worker = await startTestWorker([pipeline.module]);
  };
  try {
    await pipeline.land('numbers-data/data.csv', numbers(10));
    await pipeline.land('others-data/data.csv', numbers(10));
    await recorder.run('run-published', pipeline);
    await pipeline.land('numbers-data/data.csv', 'id\nbanana\n');
    await recorder.run('run-refused', pipeline);
    await pipeline.land('numbers-data/data.csv', numbers(300_000));
    await recorder.run('run-cancelled', pipeline, (timestamp) => landfall.cancel(pipeline.name, timestamp));
    await pipeline.land('numbers-data/data.csv', numbers(5));
    await release(FAILS);
    await recorder.run('run-failed-in-transform', pipeline);
    await release(WORKS);
    await recorder.run('run-resumed-from-raw-hist', pipeline);
    await landfall.takeDelivery(pipeline.name);
    await recorder.save('intake', intakeWorkflowId(pipeline.name));
    const withoutRaw = await createTestPipeline({ hasRaw: false, tables: tables(WORKS) });
    const other = await startTestWorker([withoutRaw.module]);
    for (let file = 0; file < 6; file += 1)
      await withoutRaw.land(`numbers-data/part-${file}.csv`, numbers(10));
    await recorder.run('run-published-without-raw', withoutRaw);
    await other.stop();
    withoutRaw.remove();
    const marked = await createTestPipeline({
      tables: tables(WORKS),
      options: "complete: { marker: 'DONE' },",
    });
    const third = await startTestWorker([marked.module]);
    await marked.land('numbers-data/data.csv', numbers(10));
    await landfall.takeDelivery(marked.name);
    await marked.land('DONE', '');
    await landfall.run(marked.name);
    await recorder.save('intake-not-complete-then-complete', intakeWorkflowId(marked.name));
    await third.stop();
    marked.remove();
  } finally {
    await worker.stop();
    pipeline.remove();
  }
}

/** Records what starts a pipeline by itself: who listens, a sweep, and the intake that both ask. */
async function recordTriggers(recorder: Recorder, landfall: LandfallClient, client: Client): Promise<void> {
  const pipeline = await createTestPipeline({ tables: tables(WORKS) });
  pipeline.release({
    options: `triggers: { events: { queue: '${pipeline.name}-landed' }, sweep: { every: '7 days' } },`,
  });
  await createTestQueue(pipeline);
  const worker = await startTestWorker([pipeline.module]);
  const { name } = pipeline;
  const schedule = client.schedule.getHandle(sweepId(name));
  const lookedFor = (found: RegExp): Promise<void> =>
    until(String(found), async () => found.test((await landfall.intakeStatus(name))?.lastLook?.found ?? ''));
  try {
    await lookedFor(/Nothing waits/);
    await pipeline.land('numbers-data/data.csv', 'id\nbanana\n');
    await lookedFor(/Taken/);
    await until('the end of the run', async () => (await landfall.intakeStatus(name))?.active === null);
    await schedule.trigger();
    await lookedFor(/was refused/);
    await landfall.pause(name, { by: 'Ann', why: 'a test' });
    await pipeline.land('numbers-data/data.csv', numbers(10));
    await schedule.trigger();
    await lookedFor(/Paused/);
    await landfall.resume(name);
    await lookedFor(/Taken/);
    await until('the end of the run', async () => (await landfall.intakeStatus(name))?.active === null);
    const { info } = await schedule.describe();
    const latest = info.recentActions.at(-1)?.action;
    if (latest?.type !== 'startWorkflow') throw new Error('a sweep was expected');
    await recorder.save('sweep', latest.workflow.workflowId);
    await recorder.save('intake-nudged', intakeWorkflowId(name));
    await worker.stop();
    // Its activity has ended with the worker, and waits for the next one.
    await recorder.save('listen-for-events', listenerWorkflowId(name));
  } finally {
    await worker.stop();
    pipeline.remove();
  }
}

/** Records what a person has done with what was published, and the intake that begins it. */
async function recordMaintenance(recorder: Recorder, landfall: LandfallClient): Promise<void> {
  const pipeline = await createTestPipeline({ tables: tables(WORKS) });
  const worker = await startTestWorker([pipeline.module]);
  const { name } = pipeline;
  try {
    for (const count of [5, 6]) {
      await pipeline.land('numbers-data/data.csv', numbers(count));
      await landfall.run(name);
    }
    const rollback = { kind: 'rollback', dryRun: false, by: 'Ann', why: 'a test' } as const;
    await landfall.maintain<RollbackResult>(name, rollback);
    await recorder.save('maintain-rollback', maintenanceWorkflowId(name, 'rollback'));
    await landfall.maintain<RecreateResult>(name, { kind: 'recreate', dryRun: false });
    await recorder.save('maintain-recreate', maintenanceWorkflowId(name, 'recreate'));
    await landfall.maintain<GcResult>(name, { kind: 'gc', dryRun: false, graceSeconds: 0 });
    await recorder.save('maintain-gc', maintenanceWorkflowId(name, 'gc'));
    const again = { ...rollback, to: 1 };
    await landfall.maintain<RollbackResult>(name, again).catch(() => undefined);
    await recorder.save('maintain-refused', maintenanceWorkflowId(name, 'rollback'));
    await landfall.resume(name);
    await recorder.save('intake-maintained', intakeWorkflowId(name));
  } finally {
    await worker.stop();
    pipeline.remove();
  }
}

/** Records runs whose tables Athena is asked about before they are published. */
async function recordReaderCheck(recorder: Recorder): Promise<void> {
  const pipeline = await createTestPipeline({ tables: tables(WORKS) });
  pipeline.release({ options: `readerCheck: { database: '${pipeline.database}_checking' },` });
  let isFailing = false;
  const Status = { State: 'FAILED', StateChangeReason: 'HIVE_BAD_DATA', AthenaError: { ErrorCategory: 2 } };
  const athena = await startFaultyStore((request, response) => {
    const isPoll = String(request.headers['x-amz-target']).endsWith('GetQueryExecution');
    if (!isFailing || !isPoll) return false;
    response.end(JSON.stringify({ QueryExecution: { QueryExecutionId: 'q', Status } }));
    return true;
  });
  const worker = await startTestWorker([pipeline.module], { AWS_ENDPOINT_URL_ATHENA: athena.endpoint });
  try {
    await pipeline.land('numbers-data/data.csv', numbers(10));
    await recorder.run('run-published-read-through-athena', pipeline);
    isFailing = true;
    await pipeline.land('numbers-data/data.csv', numbers(11));
    await recorder.run('run-found-wanting-through-athena', pipeline);
  } finally {
    await worker.stop();
    await athena.close();
    pipeline.remove();
  }
}

async function main(): Promise<void> {
  const stateDir = join(REPOSITORY, '.landfall', 'record-histories');
  const stack = await startStack({
    ...{ stateDir, fresh: true, isKept: false },
    searchAttributes: searchAttributeTypes,
  });
  try {
    Object.assign(process.env, stack.environment);
    mkdirSync(HISTORIES, { recursive: true });
    const { connectionOptions, namespace } = readTemporalTarget();
    const connection = await Connection.connect(connectionOptions);
    const landfall = await LandfallClient.connect();
    const client = new Client({ connection, namespace });
    const recorder = new Recorder(client, landfall);
    await recordAll(recorder, landfall);
    await recordTriggers(recorder, landfall, client);
    await recordMaintenance(recorder, landfall);
    await recordReaderCheck(recorder);
    await landfall.close();
    await connection.close();
  } finally {
    await stack.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
