import { Client, Connection } from '@temporalio/client';
import { LandfallClient } from '../../src';
import { runWorkflowId, taskQueue } from '../../src/layout/workflow-names';
import { readTemporalTarget } from '../../src/temporal-connection';

test('a client is closed when what it asked is answered, or has waited long enough', async () => {
  const { address, namespace } = readTemporalTarget();
  const connection = await Connection.connect({ address });
  const pipeline = 'served-by-nobody';
  const run = await new Client({ connection, namespace }).workflow.start('runPipeline', {
    ...{ workflowId: runWorkflowId(pipeline, 1_534_968_800), taskQueue: taskQueue(pipeline), args: [] },
  });
  const landfall = await LandfallClient.connect();
  let isAnswered = false;
  const asked = landfall.progress(pipeline, 1_534_968_800).finally(() => {
    isAnswered = true;
  });
  asked.catch(() => undefined);
  await landfall.close();
  expect(isAnswered).toBe(true);
  await expect(asked).rejects.toThrow();
  await run.terminate();
  await connection.close();
});
