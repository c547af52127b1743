import { rmSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const LOOK_EVERY_MS = 500;

interface Watched {
  owner: number;
  tempFolder: string;
}

/**
 * Ends this process when its owner is gone, and removes the files of both. A thread looks too, since a busy event loop
 * would not hear of it.
 */
export function endWithOwner(watched: Watched): void {
  process.on('disconnect', () => end(watched));
  new Worker(__filename, { workerData: watched }).unref();
}

function end({ tempFolder }: Watched): void {
  rmSync(tempFolder, { recursive: true, force: true });
  process.kill(process.pid, 'SIGKILL');
}

function watch(watched: Watched): void {
  setInterval(() => {
    // An orphan is given another parent by the system.
    if (process.ppid !== watched.owner) end(watched);
  }, LOOK_EVERY_MS);
}

if (!isMainThread) watch(workerData as Watched);
