import { createMissingBuckets } from '../adapters/s3-buckets';
import { createMissingQueues } from '../adapters/s3-notifications';
import { bucketsOf, queuesOf } from '../definition/pipeline';
import { loadPipelines } from '../definition/load-pipelines';
import { createLandfallWorker } from '../worker';
import { printNote } from './print';
import { useRunningStack } from './running-stack';
import type { WorkerOptions } from './worker-command';

export async function runWorker(modules: string[], options: WorkerOptions): Promise<void> {
  useRunningStack();
  if (options.createBuckets) {
    const pipelines = await loadPipelines(modules);
    await createMissingBuckets(bucketsOf(pipelines));
    await createMissingQueues(queuesOf(pipelines));
  }
  const worker = await createLandfallWorker({
    pipelineModules: modules,
    ...(options.processes === undefined ? {} : { engineProcesses: options.processes }),
  });
  printNote(`Working for ${worker.pipelines.join(', ')}. Stop with Ctrl-C.`);
  await worker.run();
}
