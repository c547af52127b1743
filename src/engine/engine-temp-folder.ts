import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'landfall-engine-';

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** What engines left behind whose process was killed together with all of its own. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(PREFIX))) {
    const owner = Number(name.slice(PREFIX.length).split('-')[0]);
    if (Number.isInteger(owner) && owner > 0 && !isRunning(owner)) {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
}

/** The folder below which the engine's processes keep what does not fit in memory. */
export function createEngineTempFolder(): string {
  removeAbandoned();
  return mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

/** What a process left behind that was killed. */
export function removeFoldersOf(pid: number, tempFolder: string): void {
  for (const name of readdirSync(tempFolder).filter((each) => each.startsWith(`${pid}-`))) {
    rmSync(join(tempFolder, name), { recursive: true, force: true });
  }
}
