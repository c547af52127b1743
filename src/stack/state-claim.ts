import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SetupError } from '../errors';
import { identifyProcess, isAlive, type ProcessIdentity } from './process-identity';

/** The right to use a state folder, held by one process at a time. */
export interface StateClaim {
  /** Processes that must be gone before anyone else may use the folder. */
  recordProcesses(pids: number[]): Promise<void>;
  release(): Promise<void>;
}

interface ClaimFile {
  owner: ProcessIdentity;
  processes: ProcessIdentity[];
}

const LEFTOVERS_END_WITHIN_MS = 12_000;

/**
 * Claim first, look second: of two that come together neither can miss the other, so that never both go on.
 *
 * @throws SetupError while a live process holds the folder.
 */
export async function claimStateDir(stateDir: string): Promise<StateClaim> {
  const folder = join(stateDir, 'claims');
  await mkdir(folder, { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    const claim = await writeClaim(folder);
    const holder = await findOtherHolder(folder, claim.name);
    if (holder === undefined) {
      await endLeftovers(folder, claim.name, stateDir);
      return claim;
    }
    await claim.release();
    if (attempt === 2) {
      throw new SetupError({
        happened: `The embedded stack in ${stateDir} is already in use by process ${holder.pid}.`,
        next: 'Stop that one first, or give this one another state folder.',
      });
    }
    // Two that withdrew from each other must not meet again.
    await delay(50 + Math.random() * 250);
  }
}

async function writeClaim(folder: string): Promise<StateClaim & { name: string }> {
  const owner = identifyProcess(process.pid);
  if (owner === undefined) throw new Error('This process cannot find itself in the list of processes.');
  const name = `${process.pid}-${randomBytes(6).toString('hex')}.json`;
  const write = async (processes: ProcessIdentity[]): Promise<void> => {
    const draft = join(folder, `${name}.draft`);
    await writeFile(draft, JSON.stringify({ owner, processes } satisfies ClaimFile));
    await rename(draft, join(folder, name));
  };
  const processes: ProcessIdentity[] = [];
  let written = write(processes);
  await written;
  return {
    name,
    recordProcesses: async (pids) => {
      processes.push(...pids.map(identifyProcess).filter((found) => found !== undefined));
      // One after the other: the parts start side by side and share the draft.
      written = written.then(() => write(processes));
      await written;
    },
    release: () => rm(join(folder, name), { force: true }),
  };
}

async function readOtherClaims(
  folder: string,
  ownName: string,
): Promise<Array<ClaimFile & { path: string }>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json') && name !== ownName);
  const claims = names.map(async (name) => {
    const path = join(folder, name);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    return text === undefined ? [] : [{ ...(JSON.parse(text) as ClaimFile), path }];
  });
  return (await Promise.all(claims)).flat();
}

async function findOtherHolder(folder: string, ownName: string): Promise<ProcessIdentity | undefined> {
  const others = await readOtherClaims(folder, ownName);
  return others.find((claim) => isAlive(claim.owner))?.owner;
}

/** A killed owner's guards end its parts by themselves; what outlives even the guards is ended here. */
async function endLeftovers(folder: string, ownName: string, stateDir: string): Promise<void> {
  for (const { processes, path } of await readOtherClaims(folder, ownName)) {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const deadline = Date.now() + LEFTOVERS_END_WITHIN_MS;
      for (const { pid } of processes.filter(isAlive)) sendSignal(pid, signal);
      while (processes.some(isAlive) && Date.now() < deadline) await delay(100);
    }
    const lasting = processes.filter(isAlive).map(({ pid }) => pid);
    if (lasting.length > 0) {
      throw new SetupError({
        happened: `Processes of an earlier embedded stack in ${stateDir} do not end.`,
        next: `End them by hand: ${lasting.join(', ')}.`,
      });
    }
    await rm(path, { force: true });
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}
