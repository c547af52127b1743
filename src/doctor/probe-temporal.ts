import { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { Pipeline } from '../definition/pipeline';
import { taskQueue } from '../layout/workflow-names';
import { searchAttributeTypes } from '../search-attributes';
import { findMissingSearchAttributes } from '../stack/search-attributes';
import { cannotReachTemporal, lostTemporal, readTemporalTarget } from '../temporal-connection';
import { ok, probe, skipped, warning, type ProbeResult, type Seen } from './probe';

const PATIENCE_MS = 5_000;

/** The server, its namespace, what runs are found by, and whether somebody works for the pipeline. */
export async function probeTemporal(pipeline: Pipeline | undefined): Promise<ProbeResult[]> {
  const target = readTemporalTarget();
  const { connectionOptions, address, namespace } = target;
  let connection: Connection | undefined;
  const server = await probe('temporal server', async () => {
    connection = await Connection.connect({ connectTimeout: PATIENCE_MS, ...connectionOptions }).catch(
      (error: unknown) => {
        throw cannotReachTemporal(address, error);
      },
    );
    return ok(`answers at ${address}`);
  });
  const rest = ['temporal namespace', 'temporal search attributes', 'temporal worker'];
  const open = connection;
  if (!open) return [server, ...rest.map((name) => skipped(name, 'Temporal cannot be reached'))];
  const ask = (name: string, work: () => Promise<Seen>): Promise<ProbeResult> =>
    probe(name, () =>
      open
        .withDeadline(Date.now() + PATIENCE_MS, work)
        .catch((error: unknown) => Promise.reject(explain(lostTemporal(target, error), error))),
    );
  try {
    return [
      server,
      ...(await Promise.all([
        ask('temporal namespace', async () => {
          await open.workflowService.describeNamespace({ namespace });
          return ok(`${namespace} is there`);
        }),
        ask('temporal search attributes', () => lookForAttributes(open, namespace)),
        pipeline
          ? ask('temporal worker', () => lookForWorker(open, namespace, pipeline.name))
          : skipped('temporal worker', 'give a pipeline'),
      ])),
    ];
  } finally {
    await open.close();
  }
}

const explain = (words: Error | undefined, error: unknown): Error =>
  words ?? (error instanceof Error ? error : new Error(String(error)));

async function lookForAttributes(connection: Connection, namespace: string): Promise<Seen> {
  const missing = await findMissingSearchAttributes(connection, namespace, searchAttributeTypes);
  if (missing.length === 0) return ok(`${Object.keys(searchAttributeTypes).join(', ')} are registered`);
  const commands = missing.map(
    ([name, type]) =>
      `temporal operator search-attribute create --namespace ${namespace} --name ${name} --type ${type}`,
  );
  return warning(
    `not registered: ${missing.map(([name]) => name).join(', ')}; the first worker adds them where it may`,
    commands.join(' && '),
  );
}

async function lookForWorker(connection: Connection, namespace: string, pipeline: string): Promise<Seen> {
  const name = taskQueue(pipeline);
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name },
    taskQueueType: temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  });
  const identities = [...new Set(pollers.map(({ identity }) => identity))];
  return identities.length > 0
    ? ok(`${identities.join(', ')} asked task queue ${name} for work within the last minutes`)
    : warning(`nobody asks task queue ${name} for work`, `Start a worker: landfall worker <module>`);
}
