import { join } from 'node:path';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createActivities } from './activities';
import { createTriggerActivities } from './activities/triggers';
import { HeartbeatInterceptor } from './activities/heartbeat-interceptor';
import { FailureInterceptor } from './activities/to-application-failure';
import { createAthenaQueryEngine } from './adapters/athena-query';
import { createGlueCatalogue } from './adapters/glue-catalogue';
import { createS3ObjectStore } from './adapters/s3-object-store';
import { loadPipelines } from './definition/load-pipelines';
import { protectionsOf } from './definition/protections';
import { createEngine } from './engine/engine';
import { taskQueue } from './layout/workflow-names';
import { createLogger, installTemporalLogger } from './logging';
import { applyTriggers } from './apply-triggers';
import { requireConditions } from './require-conditions';
import { ensureSearchAttributes } from './search-attributes';
import { cannotReachTemporal, readTemporalTarget } from './temporal-connection';
import { readImageTag } from './version';

export interface LandfallWorkerOptions {
  /** Paths of the modules (TypeScript or JavaScript) that export pipelines. */
  pipelineModules: readonly string[];
  /** Processes that check, transform and write rows. @default one a core, as far as memory allows */
  engineProcesses?: number;
  logger?: Logger;
}

export interface LandfallWorker {
  pipelines: readonly string[];
  /** Works until `shutdown()`, or until SIGINT or SIGTERM. Rejects when Temporal is lost for good. */
  run(): Promise<void>;
  shutdown(): void;
}

const STATE_CHECK_MS = 200;
const WORKFLOW_BUNDLE = join(__dirname, __filename.endsWith('.ts') ? '../dist' : '.', 'workflow-bundle.js');

/**
 * Wires a worker for the pipelines of the given modules; each pipeline has a task queue of its own.
 * @throws DefinitionError when a module has no usable pipeline
 * @throws SetupError when Temporal or the store cannot be reached, the store ignores conditions that the protocol
 * relies on, or IMAGE_TAG is missing in production
 */
export async function createLandfallWorker(options: LandfallWorkerOptions): Promise<LandfallWorker> {
  const version = readImageTag();
  const logger = options.logger ?? createLogger();
  const pipelines = await loadPipelines([...options.pipelineModules]);
  // Before Temporal's runtime takes over the signals: this may wait for the store.
  await requireConditions(pipelines, logger);
  installTemporalLogger(logger);
  const { connectionOptions, address, namespace } = readTemporalTarget();
  await ensureSearchAttributes();
  await applyTriggers(pipelines);
  const connection = await NativeConnection.connect(connectionOptions).catch((error: unknown) => {
    throw cannotReachTemporal(address, error);
  });
  const engine = createEngine({
    pipelineModules: [...options.pipelineModules],
    ...(options.engineProcesses === undefined ? {} : { maxProcesses: options.engineProcesses }),
  });
  const stopping = new AbortController();
  const activities = {
    ...createActivities({
      pipelines,
      store: createS3ObjectStore({ protectionOf: protectionsOf(pipelines) }),
      catalogue: createGlueCatalogue(),
      queries: createAthenaQueryEngine(),
      engine,
      version,
      logger,
    }),
    ...createTriggerActivities({ pipelines, logger, stopping: stopping.signal }),
  };
  const workers = await Promise.all(
    pipelines.map(({ name, triggers }) =>
      Worker.create({
        connection,
        namespace,
        taskQueue: taskQueue(name),
        workflowBundle: { codePath: WORKFLOW_BUNDLE },
        activities,
        interceptors: {
          activity: [
            () => ({ inbound: new HeartbeatInterceptor() }),
            () => ({ inbound: new FailureInterceptor() }),
          ],
        },
        // Who waits for events takes nobody's place.
        maxConcurrentActivityTaskExecutions: triggers.events ? 9 : 8,
        // A cancellation comes back with a heartbeat; by default one in twelve seconds is let through.
        maxHeartbeatThrottleInterval: '1 second',
        maxCachedWorkflows: 200,
        shutdownGraceTime: '10 seconds',
      }),
    ),
  );
  return {
    pipelines: pipelines.map(({ name }) => name),
    async run() {
      // The runtime hears the signals, and tells nobody but by this state.
      const watch = setInterval(() => {
        if (workers.some((worker) => !['INITIALIZED', 'RUNNING'].includes(worker.getState())))
          stopping.abort();
      }, STATE_CHECK_MS);
      try {
        engine.start();
        await Promise.all(workers.map((worker) => worker.run()));
      } finally {
        clearInterval(watch);
        await engine.close();
        await connection.close();
      }
    },
    shutdown() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    },
  };
}
