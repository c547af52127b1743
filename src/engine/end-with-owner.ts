import { rmSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const LOOK_EVERY_MS = 500;

interface Watched {
  owner: number;
  tempFolder: string;
}

/**
 * Ends this process when its owner is gone, however busy it is: the thread that looks has an event loop of its own.
 * `process.on('disconnect')` alone would wait until a transform gives the event loop back.
 */
export function endWithOwner(watched: Watched): void {
  new Worker(__filename, { workerData: watched }).unref();
}

function watch({ owner, tempFolder }: Watched): void {
  setInterval(() => {
    // An orphan is given another parent by the system.
    if (process.ppid === owner) return;
    rmSync(tempFolder, { recursive: true, force: true });
    process.kill(process.pid, 'SIGKILL');
  }, LOOK_EVERY_MS);
}

if (!isMainThread) watch(workerData as Watched);
