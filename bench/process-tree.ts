import { readdirSync, readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 50;
const TICKS_A_SECOND = 100;
const PAGE_BYTES = 4096;

interface ProcessStat {
  pid: number;
  parent: number;
  /** Of itself, and of the children that it has waited for. */
  ownTicks: number;
  waitedTicks: number;
  residentBytes: number;
}

/** proc(5): what stands behind the command's name, which may hold anything. */
function readStat(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const at = (place: number): number => fields[place - 3] ?? 0;
    return {
      pid,
      parent: at(4),
      ownTicks: at(14) + at(15),
      waitedTicks: at(16) + at(17),
      residentBytes: at(24) * PAGE_BYTES,
    };
  } catch {
    return undefined;
  }
}

function readTree(root: number): ProcessStat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
  const tree = new Set([root]);
  for (let size = 0; size < tree.size;) {
    size = tree.size;
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
  }
  return all.filter(({ pid }) => tree.has(pid));
}

/** CPU seconds of the children of this process that have ended. */
export const cpuOfEndedChildren = (): number => (readStat(process.pid)?.waitedTicks ?? 0) / TICKS_A_SECOND;

const cpuOf = (tree: readonly ProcessStat[]): number =>
  tree.reduce((sum, { ownTicks, waitedTicks }) => sum + ownTicks + waitedTicks, 0) / TICKS_A_SECOND;

export interface TreeWatch {
  /** @returns the most memory that the processes held together, in MB, and their CPU seconds since the watch began */
  end(): { peakMegabytes: number; cpuSeconds: number };
}

/** Watches a process and all below it. Pages that processes share count for each of them. */
export function watchTree(root: number): TreeWatch {
  const before = cpuOf(readTree(root));
  let peak = 0;
  const look = (): readonly ProcessStat[] => {
    const tree = readTree(root);
    peak = Math.max(
      peak,
      tree.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
    );
    return tree;
  };
  const looking = setInterval(look, LOOK_EVERY_MS);
  return {
    end() {
      clearInterval(looking);
      return { cpuSeconds: cpuOf(look()) - before, peakMegabytes: peak / 1e6 };
    },
  };
}
