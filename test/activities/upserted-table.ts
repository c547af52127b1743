import fc from 'fast-check';
import type { WriteCuratedPartTask } from '../../src/engine/tasks';
import type { DeliveryRef } from '../../src/layout/delivery';
import { failureOf, must } from '../adapters/test-buckets';
import { Bench, type Attempts } from './bench';
import { createTellingEngine } from './engine-in-process';
import { readRows } from './read-published';
import { toArchived, toCurated, toDecided, toProcessed, toPublished } from './take-through';

export const FIRST = 1_534_968_800;
export const COLUMNS =
  'id: column.int64(), code: column.string(), note: column.string().nullable(), gone: column.boolean()';
export const UPSERT = `upsert: { deletedWhere: 'gone' }`;
/** As above, in folders by where each row belongs, which is another from row to row of one key. */
export const FOLDER_COLUMNS = `${COLUMNS}, court: column.string()`;
export const tableOf = (mode: string, curated = UPSERT, columns = COLUMNS): string =>
  `a: table({ format: jsonLines(), files: { name: /.*/ }, columns: { ${columns} }, mode: '${mode}',
    primaryKey: ['code', 'id'], curated: { ${curated} } }),`;

/** `id` beyond what a number tells apart. */
export interface Row {
  id: string;
  code: string;
  note: string | null;
  gone: boolean;
  court?: string;
}
export interface Delivery {
  /** Of different keys. */
  rows: Row[];
  /** Refused, and accepted after so many others; on time where there is none. */
  late: number;
  /** How often each step of it is called. */
  times: number;
  /** A run does all of it once more when others have been published since. */
  again: boolean;
  /** Its run ends before it clears what it has processed. */
  ended: boolean;
  /** Whatever nobody reads any more is swept behind it. */
  swept: boolean;
}

export const rowOf = (id: number, note: string, gone = false): Row => ({
  ...{ id: String(id), code: 'k', note, gone },
});
export const lineOf = ({ id, code, note, gone, court }: Row): string =>
  `{"id":${id},"code":${JSON.stringify(code)},"note":${JSON.stringify(note)},"gone":${gone}${
    court === undefined ? '' : `,"court":${JSON.stringify(court)}`
  }}\n`;
export const keyOf = ({ id, code }: Row): string => JSON.stringify([code, id]);
const ROW = {
  id: fc.constantFrom('9007199254740992', '9007199254740993', '-1'),
  code: fc.constantFrom('', 'a', 'A', 'é', 'e\u0301'),
  note: fc.option(fc.string({ maxLength: 5 })),
  gone: fc.boolean(),
};
export const ROWS: fc.Arbitrary<Row> = fc.record(ROW);
export const ROWS_OF_COURTS: fc.Arbitrary<Row> = fc.record({
  ...ROW,
  court: fc.constantFrom('north', 'süd'),
});
export const deliveriesOf = (maxLength: number, row = ROWS): fc.Arbitrary<Delivery[]> =>
  fc.array(
    fc.record({
      rows: fc.uniqueArray(row, { selector: keyOf, minLength: 1, maxLength: 8 }),
      late: fc.nat({ max: 3 }),
      times: fc.integer({ min: 1, max: 2 }),
      again: fc.boolean(),
      ended: fc.boolean(),
      swept: fc.boolean(),
    }),
    { minLength: 2, maxLength },
  );

/** The same with a key twice, so that it is refused until somebody accepts it. */
export const twice = (rows: readonly Row[]): Row[] => [...rows, { ...must(rows[0]), note: 'twice' }];

/** Table `a` of a pipeline of its own, which has one row of each key. */
export class UpsertedTable {
  /** What its engine was to make. */
  made: WriteCuratedPartTask[] = [];

  private constructor(readonly bench: Bench) {}

  static async open(tables = tableOf('delta')): Promise<UpsertedTable> {
    return new UpsertedTable(await Bench.create({ hasRaw: false, hasQuarantine: true, tables }));
  }

  close(): void {
    this.bench.close();
  }

  run(): Attempts {
    const { pipelines, store } = this.bench;
    return this.bench.run({
      engine: createTellingEngine({ pipelines, store }, (task) => this.made.push(task)),
    });
  }

  async land(rows: readonly Row[], place: number): Promise<DeliveryRef> {
    await this.bench.land('a-data/x.jsonl', rows.map(lineOf).join(''));
    return this.bench.take({ requested: FIRST + place });
  }

  /** Lands what is refused, until somebody accepts it. */
  async refuse(rows: readonly Row[], place: number): Promise<DeliveryRef> {
    const delivery = await this.land(rows, place);
    const run = this.run();
    const { name, message } = await failureOf(toDecided(run, delivery));
    if (name !== 'DeliveryRefusedError') throw new Error(message);
    await run.moveToQuarantine(delivery);
    return delivery;
  }

  accept({ fileLandTimestamp }: DeliveryRef): Promise<DeliveryRef> {
    const decision = { kind: 'accept', by: 'me', why: 'it is all' } as const;
    return this.bench.take({ requested: fileLandTimestamp, decision });
  }

  async publish(rows: readonly Row[], place: number): Promise<DeliveryRef> {
    const delivery = await this.land(rows, place);
    await toPublished(this.run(), delivery);
    return delivery;
  }

  /** Up to where planning begins. */
  async process(rows: readonly Row[], place: number): Promise<{ delivery: DeliveryRef; run: Attempts }> {
    const delivery = await this.land(rows, place);
    const run = this.run();
    await toProcessed(run, delivery, await toArchived(run, delivery));
    return { delivery, run };
  }

  /** All but the clean-up, as when the run was ended before it. */
  async publishOnly(rows: readonly Row[], place: number): Promise<{ delivery: DeliveryRef; run: Attempts }> {
    const { delivery, run } = await this.process(rows, place);
    await toCurated(run, delivery);
    await run.publishDatabase(delivery);
    await run.writeReport(delivery);
    return { delivery, run };
  }

  /** Without a grace; what was written in this very second is old too. */
  sweep(): ReturnType<Attempts['sweepSnapshots']> {
    const request = { pipeline: this.bench.pipeline.name, graceSeconds: -1, dryRun: false };
    return this.bench.run().sweepSnapshots(request);
  }

  /** What readers see after a delivery, in no order. */
  async read(delivery: DeliveryRef): Promise<string[]> {
    const lines = await readRows(this.bench, delivery);
    return lines.filter((line) => line !== '' && !line.startsWith('--')).sort();
  }

  async notes(delivery: DeliveryRef): Promise<string[]> {
    return (await this.read(delivery)).map((line) => (JSON.parse(line) as { note: string }).note).sort();
  }

  processed(): Promise<string[]> {
    return this.bench.keys('processed');
  }

  /** Of each part that was to be made: how many processed objects it reads, whether it has a base, of how many it is one. */
  counts(): { read: number; base: boolean; of: number | undefined }[] {
    return this.made.map(({ inputs, base, bucket }) => ({
      ...{ read: inputs.length, base: base !== undefined, of: bucket?.of },
    }));
  }
}
