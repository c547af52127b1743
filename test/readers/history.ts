import { isDeclared, publishedColumns, rowsOf, TABLES, type TableName } from './tables';

/** What one query said of one table, by name; the same names as in what is expected, or some of them. */
export type Answer = Readonly<Record<string, string>>;

export const ABSENT: Answer = { table: 'absent' };

/** What readers see of one publish: of each table that it declares, the deliveries whose rows are in it. */
export interface Publish {
  release: number;
  deliveries: Readonly<Partial<Record<TableName, readonly number[]>>>;
}

const NOTHING: Publish = { release: 0, deliveries: {} };

export const toAnswer = (
  rows: readonly { id: number; delivery: number; amount: number }[],
): Record<string, string> => {
  const deliveries = rows.map(({ delivery }) => delivery);
  return {
    table: 'present',
    rows: String(rows.length),
    ids: String(new Set(rows.map(({ id }) => id)).size),
    total: String(rows.reduce((sum, { amount }) => sum + amount, 0)),
    first: String(Math.min(...deliveries)),
    last: String(Math.max(...deliveries)),
    deliveries: String(new Set(deliveries).size),
  };
};

function expect(table: TableName, { release, deliveries }: Publish): Answer {
  const present = deliveries[table];
  if (present === undefined) return ABSENT;
  const columns = publishedColumns(table, release).sort().join(' ');
  return {
    ...toAnswer(present.flatMap((delivery) => rowsOf(table, delivery))),
    ...(table === 'orders' ? { firstRelease: String(release), lastRelease: String(release) } : {}),
    // Of the files, and of Glue.
    ...{ columns, declared: columns },
  };
}

/** The publishes in their order, the rollbacks among them, and what each makes of every table. */
export class History {
  private readonly publishes: Publish[] = [NOTHING];
  private readonly expected: Record<TableName, Answer>[] = [expectAll(NOTHING)];
  /** Place of the last publish that whoever asked for it was told of. */
  completed = 0;

  /** Place of the last that has begun, so that it may be seen. */
  get begun(): number {
    return this.publishes.length - 1;
  }

  get isChanging(): boolean {
    return this.begun > this.completed;
  }

  publishOf(place: number): Publish {
    return this.publishes[place] ?? NOTHING;
  }

  begin(publish: Publish): void {
    this.publishes.push(publish);
    this.expected.push(expectAll(publish));
  }

  complete(): void {
    this.completed = this.begun;
  }

  /** What is expected of a table after the last publish that has begun. */
  expectedNow = (table: TableName): Answer => this.expectedAt(table, this.begun);

  /** @returns the place of the first publish from `from` on that shows just this; undefined where none does */
  find(table: TableName, answer: Answer, from: number): number | undefined {
    for (let place = from; place <= this.begun; place += 1)
      if (isOf(answer, this.expectedAt(table, place))) return place;
    return undefined;
  }

  private readonly expectedAt = (table: TableName, place: number): Answer =>
    this.expected[place]?.[table] ?? ABSENT;
}

const expectAll = (publish: Publish): Record<TableName, Answer> =>
  Object.fromEntries(TABLES.map((table) => [table, expect(table, publish)])) as Record<TableName, Answer>;

const isOf = (answer: Answer, expected: Answer): boolean =>
  Object.entries(answer).every(([name, value]) => expected[name] === value);

/** The publish of one more delivery, which has rows for every table that the release declares. */
export function withDelivery(landed: readonly (readonly TableName[])[], release: number): Publish {
  const declared = TABLES.filter((table) => isDeclared(table, release));
  const deliveriesOf = (table: TableName): number[] =>
    landed.flatMap((tables, place) => (tables.includes(table) ? [place + 1] : []));
  return { release, deliveries: Object.fromEntries(declared.map((table) => [table, deliveriesOf(table)])) };
}
