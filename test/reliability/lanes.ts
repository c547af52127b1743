import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { CaseGroup } from './case';
import type { Answer, Asked, Told } from './lane-messages';

const ROOT = join(__dirname, '..', '..');
const JITI = join(ROOT, 'node_modules', 'jiti', 'lib', 'jiti-cli.mjs');
const LONGEST_CASE_MS = 300_000;

/** One process that takes cases through. */
class Lane {
  private readonly waiting = new Map<number, (told: Told) => void>();
  private asked = 0;
  private readonly gone: Promise<void>;

  private constructor(
    private readonly child: ChildProcess,
    onEnded: (why: string) => void,
  ) {
    child.on('message', ({ id, ...told }: Answer) => {
      this.waiting.get(id)?.(told);
      this.waiting.delete(id);
    });
    this.gone = new Promise((resolve) => {
      child.on('exit', (code, signal) => {
        // Whoever ended it from outside says nothing about the case.
        if (signal === 'SIGTERM' || signal === 'SIGKILL')
          onEnded(`a process of the harness was ended by ${signal}`);

        for (const answer of this.waiting.values())
          answer({ kind: 'failed', why: `its process ended with ${code ?? signal}` });
        this.waiting.clear();
        resolve();
      });
    });
  }

  static open(environment: NodeJS.ProcessEnv, onEnded: (why: string) => void): Lane {
    return new Lane(fork(JITI, [join(__dirname, 'lane.ts')], { env: environment }), onEnded);
  }

  get isOpen(): boolean {
    return this.child.connected;
  }

  ask(asked: Asked, longestMs: number): Promise<Told> {
    return new Promise((resolve) => {
      const id = (this.asked += 1);
      const overdue = setTimeout(() => {
        resolve({ kind: 'failed', why: `it has not come to its end within ${longestMs / 1000} s` });
      }, longestMs);
      this.waiting.set(id, (told) => {
        clearTimeout(overdue);
        resolve(told);
      });
      this.child.send({ ...asked, id });
    });
  }

  close(): Promise<void> {
    if (this.isOpen) this.child.disconnect();
    return this.gone;
  }
}

export interface CaseResult {
  name: string;
  differences: string[];
  notes: string[];
  seconds: number;
}

/** The processes that take the cases of one store through. */
export class Lanes {
  private readonly lanes: Lane[] = [];

  constructor(
    private readonly most: number,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly onEnded: (why: string) => void,
  ) {}

  async listCases(group: CaseGroup): Promise<string[]> {
    const told = await this.lane(0).ask({ kind: 'list', group: group.name }, LONGEST_CASE_MS);
    if (told.kind === 'listed') return told.names;
    throw new Error(
      `the cases of "${group.name}" cannot be listed: ${told.kind === 'failed' ? told.why : ''}`,
    );
  }

  /** Takes cases through, several at once; ends early when `onResult` says so. */
  async runCases(
    group: CaseGroup,
    names: readonly string[],
    onResult: (result: CaseResult) => 'go on' | 'enough',
  ): Promise<void> {
    const rest = [...names];
    const lanes = Math.min(group.lanes ?? this.most, this.most);
    const places = Array.from({ length: lanes * (group.atOnce ?? 1) }, (_, place) => place % lanes);
    await Promise.all(
      places.map(async (lane) => {
        for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
          const result = await this.runCase(lane, group, name);
          if (onResult(result) === 'enough') rest.length = 0;
        }
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.lanes.splice(0).map((lane) => lane.close()));
  }

  private async runCase(lane: number, group: CaseGroup, name: string): Promise<CaseResult> {
    const began = Date.now();
    const told = await this.lane(lane).ask(
      { kind: 'run', group: group.name, name },
      group.longestMs ?? LONGEST_CASE_MS,
    );
    const seconds = Math.round((Date.now() - began) / 100) / 10;
    if (told.kind === 'ran') return { name, differences: told.differences, notes: told.notes, seconds };
    return { name, differences: [told.kind === 'failed' ? told.why : 'no answer'], notes: [], seconds };
  }

  private lane(place: number): Lane {
    const open = this.lanes[place];
    if (open?.isOpen) return open;
    return (this.lanes[place] = Lane.open(this.environment, this.onEnded));
  }
}
