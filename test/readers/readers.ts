import { setTimeout as delay } from 'node:timers/promises';
import type { Catalogue } from '../../src/adapters/catalogue';
import { ask, type Asked } from './ask';
import { ABSENT, type Answer, type History } from './history';
import { describeFault, FAULTS, nameFault, type Fault } from './judge';
import { TABLES, type TableName } from './tables';

/** Every fifth query reads all rows, to see the columns too. */
const WHOLE_EVERY = 5;
const LONGEST_PLAN_MS = 3_000;

export interface Counts extends Record<Fault, number> {
  queries: number;
  /** Of these, whose answer came while something was being published. */
  whilePublishing: number;
  /** How many of the publishes of each table were seen, added up over the tables. */
  seen: number;
}

/** Queries that are asked without pause, and what is wrong with their answers. */
export class Readers {
  private readonly counts = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
  private readonly seen = new Set<string>();
  private queries = 0;
  private whilePublishing = 0;
  private isStopped = false;
  private readonly loops: Promise<void>[] = [];

  constructor(
    private readonly history: History,
    private readonly asked: Asked,
    private readonly catalogue: Catalogue,
    private readonly onFault: (words: string) => void,
    private readonly isGivenUp: () => boolean,
  ) {}

  private get isOver(): boolean {
    return this.isStopped || this.isGivenUp();
  }

  /**
   * @param quick so many ask the database itself
   * @param slow so many ask what the database declared a while ago, as a query does that was planned before a publish and
   * reads its files after it
   */
  start(quick: number, slow: number): void {
    for (let reader = 0; reader < quick; reader += 1)
      this.loops.push(this.read(reader, (table, how) => ask(table, how, this.asked)));
    for (let reader = 0; reader < slow; reader += 1) this.loops.push(this.readSlowly(reader));
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.loops);
  }

  get figures(): Counts {
    const { queries, whilePublishing, seen, counts } = this;
    return { queries, whilePublishing, seen: seen.size, ...counts };
  }

  get faults(): number {
    return FAULTS.reduce((sum, fault) => sum + this.counts[fault], 0);
  }

  private async read(
    reader: number,
    query: (table: TableName, how: 'counted' | 'whole') => Promise<Answer>,
  ): Promise<void> {
    const last = new Map<TableName, number>();
    for (let turn = reader; !this.isOver; turn += 1) {
      const table = TABLES[turn % TABLES.length] as TableName;
      const from = Math.max(this.history.completed, last.get(table) ?? 0);
      const found = await this.judge(table, from, () =>
        query(table, turn % WHOLE_EVERY === 0 ? 'whole' : 'counted'),
      );
      if (found !== undefined) last.set(table, found);
    }
  }

  private judge(table: TableName, from: number, query: () => Promise<Answer>): Promise<number | undefined> {
    return this.attempt(`a query of table ${table}`, async () => {
      const answer = await query();
      this.queries += 1;
      if (this.history.isChanging) this.whilePublishing += 1;
      const found = this.history.find(table, answer, from);
      if (found === undefined) {
        const fault = nameFault(this.history, table, answer, from);
        this.count(fault, describeFault(this.history, { table, answer, from, fault }));
      } else this.seen.add(`${table} ${found}`);
      return found;
    });
  }

  /** @returns undefined where it failed, which is counted */
  private async attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (this.isOver) return undefined;
      this.count(
        'errors',
        `errors: ${what} failed: ${error instanceof Error ? error.message : String(error)}`,
      );
      // Whatever is wrong, it is not to be told a thousand times a second.
      await delay(1_000);
      return undefined;
    }
  }

  private count(fault: Fault, words: string): void {
    this.counts[fault] += 1;
    this.onFault(words);
  }

  /** Reads Glue, waits, and has what Glue said then queried in a database of its own, which nothing else changes. */
  private async readSlowly(reader: number): Promise<void> {
    const { database } = this.asked;
    const name = `${database}_planned_${reader}`;
    const asked = { ...this.asked, database: name };
    const last = new Map<TableName, number>();
    for (let turn = reader; !this.isOver; turn += 1) {
      const from = this.history.completed;
      const tables = await this.attempt('planning a query', async () => {
        const planned = (await this.catalogue.readDatabase(database))?.tables ?? [];
        await delay(((turn * 7) % 10) * (LONGEST_PLAN_MS / 10));
        await this.catalogue.publishDatabase({ name, tables: planned });
        return planned;
      });
      if (!tables) continue;
      for (const table of TABLES) {
        const planned = tables.find((each) => each.name === table);
        const earliest = Math.max(from, last.get(table) ?? 0);
        const found = await this.judge(table, earliest, async () => {
          if (!planned) return ABSENT;
          const all = [...planned.columns, ...planned.partitionKeys];
          const declared = all.map((column) => column.name).sort();
          return { ...(await ask(table, 'whole', asked)), declared: declared.join(' ') };
        });
        if (found !== undefined) last.set(table, found);
      }
    }
  }
}
