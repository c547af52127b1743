import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { LandfallClient } from '../../src';
import { intakeWorkflowId, taskQueue } from '../../src/layout/workflow-names';
import { readTemporalTarget } from '../../src/temporal-connection';
import { startTestWorker } from '../support/run-landfall';
import { createTestPipeline } from '../support/test-pipeline';
import { until } from '../support/until';

test('what is asked of a worker that does not get on is done once by the next that does', async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
  const { address, namespace } = readTemporalTarget();
  const pipeline = await createTestPipeline();
  await pipeline.land('orders-data/data.csv', 'id,name,price,day\n1,n,1.50,2024-01-01\n');
  // The first worker adds the search attribute.
  await (await startTestWorker([pipeline.module])).stop();
  const native = await NativeConnection.connect({ address });
  const broken = await Worker.create({
    ...{ connection: native, namespace, taskQueue: taskQueue(pipeline.name) },
    workflowsPath: require.resolve('./broken-intake'),
  });
  const connection = await Connection.connect({ address });
  const intakeOf = new Client({ connection, namespace }).workflow.getHandle(intakeWorkflowId(pipeline.name));
  const landfall = await LandfallClient.connect();
  let asked: Promise<unknown> = Promise.resolve();
  await broken.runUntil(async () => {
    asked = landfall.run(pipeline.name);
    asked.catch(() => undefined);
    // From then on Temporal refuses what is asked of it.
    await until('the third attempt', async () => {
      const described = await intakeOf.describe().catch(() => undefined);
      return (described?.raw.pendingWorkflowTask?.attempt ?? 0) > 3;
    });
  });
  const worker = await startTestWorker([pipeline.module]);
  await expect(asked).resolves.toMatchObject({ outcome: 'published', tables: [{ landed: 1 }] });
  expect(await landfall.listRuns(pipeline.name)).toHaveLength(1);
  await worker.stop();
  await landfall.close();
  await connection.close();
  await native.close();
  pipeline.remove();
}, 120_000);
