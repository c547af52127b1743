import type { LandfallWorker, LandfallWorkerOptions } from './worker';

/**
 * Wires a worker for the pipelines of the given modules; each pipeline has a task queue of its own.
 *
 * Temporal is loaded when it is called: a module that defines a pipeline imports this package too, in every process
 * that touches rows, and has no use for it.
 *
 * @throws DefinitionError when a module has no usable pipeline
 * @throws SetupError when Temporal or the store cannot be reached, the store ignores conditions that the protocol
 * relies on, or IMAGE_TAG is missing in production
 */
export async function createLandfallWorker(options: LandfallWorkerOptions): Promise<LandfallWorker> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded late, and as CommonJS like the rest
  const worker = require('./worker') as typeof import('./worker');
  return worker.createLandfallWorker(options);
}
