import { availableParallelism, totalmem } from 'node:os';

const MEBIBYTE = 1024 * 1024;
/** Polars uses all cores from one process already. */
const MOST_PROCESSES = 4;
/** Resident, of a process at its largest task, and of the worker around them; measured (docs/performance.md). */
const PROCESS_BYTES = 448 * MEBIBYTE;
const WORKER_BYTES = 320 * MEBIBYTE;

/** What this process may use: the container's limit where it has one, else what the machine has. */
export const usableMemory = (): number => Math.min(process.constrainedMemory() || Infinity, totalmem());

/**
 * How many processes may touch rows at once, so that all of them together stay within the memory there is: one a core, at
 * most 4, at least 1.
 * @param memory bytes
 */
export function countProcesses(cores = availableParallelism(), memory = usableMemory()): number {
  const affordable = Math.floor((memory - WORKER_BYTES) / PROCESS_BYTES);
  return Math.max(1, Math.min(cores, MOST_PROCESSES, affordable));
}
