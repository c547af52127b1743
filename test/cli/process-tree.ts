import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyProcess, isAlive, type ProcessIdentity } from '../../src/stack/process-identity';

interface TreeProcess extends ProcessIdentity {
  command: string;
}

/** All that a process has started, and they in turn; the process itself first. */
export function listProcessTree(root: number): TreeProcess[] {
  const children = new Map<number, number[]>();
  for (const pid of readdirSync('/proc').map(Number).filter(Boolean)) {
    const parent = parentOf(pid);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree: TreeProcess[] = [];
  const add = (pid: number): void => {
    const identity = identifyProcess(pid);
    if (identity) tree.push({ ...identity, command: commandOf(pid) });
    for (const child of children.get(pid) ?? []) add(child);
  };
  add(root);
  return tree;
}

/** The part whose command line has the text, not the guard that runs it. */
export function findInTree(tree: readonly TreeProcess[], text: string): TreeProcess {
  const found = tree.find(({ command }) => command.includes(text) && !command.includes('guard.cjs'));
  if (!found)
    throw new Error(`None of these runs ${text}:\n${tree.map(({ command }) => command).join('\n')}`);
  return found;
}

/** Those that have not ended within the time. */
export async function findSurvivors(tree: readonly TreeProcess[], withinMs: number): Promise<string[]> {
  for (const deadline = Date.now() + withinMs; tree.some(isAlive) && Date.now() < deadline;) await delay(50);
  return tree.filter(isAlive).map(({ command }) => command);
}

function parentOf(pid: number): number | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  return parent === undefined ? undefined : Number(parent);
}

const commandOf = (pid: number): string => readOrNothing(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
