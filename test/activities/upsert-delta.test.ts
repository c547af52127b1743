import fc from 'fast-check';
import type { ObjectStore } from '../../src/adapters/object-store';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { WriteCuratedPartTask } from '../../src/engine/tasks';
import { snapshotRecordKey } from '../../src/layout/log-keys';
import type { DeliveryRef, RunResult } from '../../src/layout/delivery';
import { failureOf, must } from '../adapters/test-buckets';
import { Bench, FOLDERS, type Attempts } from './bench';
import { createTellingEngine } from './engine-in-process';
import { readRows, readSnapshot } from './read-published';
import { toArchived, toCurated, toDecided, toProcessed, toPublished, type Call } from './take-through';

const FIRST = 1_534_968_800;
const COLUMNS =
  'id: column.int64(), code: column.string(), note: column.string().nullable(), gone: column.boolean()';
const UPSERT = `upsert: { deletedWhere: 'gone' }`;
const tableOf = (mode: string, curated = UPSERT, columns = COLUMNS): string =>
  `a: table({ format: jsonLines(), files: { name: /.*/ }, columns: { ${columns} }, mode: '${mode}',
    primaryKey: ['code', 'id'], curated: { ${curated} } }),`;

interface Row {
  id: string;
  code: string;
  note: string | null;
  gone: boolean;
}
interface Delivery {
  /** Of different keys. */
  rows: Row[];
  /** Refused, and accepted after so many others; on time where there is none. */
  late: number;
  /** How often each step of it is called. */
  times: number;
  /** A run does all of it once more when others have been published since. */
  again: boolean;
}

const lineOf = ({ id, code, note, gone }: Row): string =>
  `{"id":${id},"code":${JSON.stringify(code)},"note":${JSON.stringify(note)},"gone":${gone}}\n`;
const keyOf = ({ id, code }: Row): string => JSON.stringify([code, id]);
const row: fc.Arbitrary<Row> = fc.record({
  id: fc.constantFrom('9007199254740992', '9007199254740993', '-1'),
  code: fc.constantFrom('', 'a', 'A', 'é', 'é'),
  note: fc.option(fc.string({ maxLength: 5 })),
  gone: fc.boolean(),
});
const deliveries: fc.Arbitrary<Delivery[]> = fc.array(
  fc.record({
    rows: fc.uniqueArray(row, { selector: keyOf, minLength: 1, maxLength: 8 }),
    late: fc.nat({ max: 3 }),
    times: fc.integer({ min: 1, max: 2 }),
    again: fc.boolean(),
  }),
  { minLength: 2, maxLength: 5 },
);

let bench: Bench;
let made: WriteCuratedPartTask[] = [];
const open = async (tables = tableOf('delta')): Promise<Bench> =>
  (bench = await Bench.create({ hasRaw: false, hasQuarantine: true, tables }));
beforeEach(() => {
  made = [];
});
afterEach(() => bench.close());

function runOf(of = bench, store?: ObjectStore): Attempts {
  const engine = createTellingEngine({ pipelines: of.pipelines, store: of.store }, (task) => made.push(task));
  return of.run({ engine, ...(store ? { store } : {}) });
}

async function land(rows: readonly Row[], place: number, of = bench): Promise<DeliveryRef> {
  await of.land('a-data/x.jsonl', rows.map(lineOf).join(''));
  return of.take({ requested: FIRST + place });
}

/** Refused, since a key occurs twice, until somebody accepts it. */
async function refuse(rows: readonly Row[], place: number, of = bench): Promise<DeliveryRef> {
  const delivery = await land(rows, place, of);
  const run = runOf(of);
  expect((await failureOf(toDecided(run, delivery))).name).toBe('DeliveryRefusedError');
  await run.moveToQuarantine(delivery);
  return delivery;
}

const twice = (rows: readonly Row[]): Row[] => [...rows, { ...must(rows[0]), note: 'twice' }];

const accept = ({ fileLandTimestamp }: DeliveryRef, of = bench): Promise<DeliveryRef> =>
  of.take({ requested: fileLandTimestamp, decision: { kind: 'accept', by: 'me', why: 'it is all' } });

async function publish(rows: readonly Row[], place: number, of = bench): Promise<DeliveryRef> {
  const delivery = await land(rows, place, of);
  await toPublished(runOf(of), delivery);
  return delivery;
}

/** All but the clean-up, as when the run was ended before it. */
async function publishOnly(
  rows: readonly Row[],
  place: number,
): Promise<{ delivery: DeliveryRef; run: Attempts }> {
  const delivery = await land(rows, place);
  const run = runOf();
  await toProcessed(run, delivery, await toArchived(run, delivery));
  await toCurated(run, delivery);
  await run.publishDatabase(delivery);
  await run.writeReport(delivery);
  return { delivery, run };
}

const readTable = async (delivery: DeliveryRef, of = bench): Promise<string[]> =>
  (await readRows(of, delivery)).filter((line) => line !== '' && !line.startsWith('--')).sort();
const notesOf = async (delivery: DeliveryRef): Promise<string[]> =>
  (await readTable(delivery)).map((line) => (JSON.parse(line) as { note: string }).note).sort();
const mergedIn = ({ tables }: RunResult) => must(tables.find(({ table }) => table === 'a')).merged;
const processed = (): Promise<string[]> => bench.keys('processed');
const rowOf = (id: number, note: string, gone = false): Row => ({ id: String(id), code: 'k', note, gone });

test('any deliveries, late or not, retried anyhow, are in either mode the same rows', async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, async (all) => {
      // Files of a few rows, so that there are more of them as the table grows.
      const curated = `${UPSERT}, maxSourceBytes: 250`;
      const rebuild = await open(tableOf('rebuild', curated));
      const delta = await open(tableOf('delta', curated));
      const publishAs = async (delivery: DeliveryRef, times: number) => {
        const call: Call = async (attempt) => {
          for (let more = 1; more < times; more += 1) await attempt();
          return attempt();
        };
        const wanted = await toPublished(rebuild.run(), { ...delivery, pipeline: rebuild.pipeline.name });
        const found = await toPublished(runOf(delta), delivery, call);
        expect(await readTable(delivery, delta)).toEqual(await readTable(delivery, rebuild));
        expect(mergedIn(found)).toEqual(mergedIn(wanted));
        expect(await delta.keys('processed')).toEqual([]);
      };
      const waiting: { turn: number; go: () => Promise<void> }[] = [];
      for (const [place, of] of all.entries()) {
        const isLate = of.late > 0;
        const rows = isLate ? twice(of.rows) : of.rows;
        for (const each of [rebuild, delta])
          await (isLate ? refuse(rows, place, each) : land(rows, place, each));
        const delivery = { pipeline: delta.pipeline.name, fileLandTimestamp: FIRST + place };
        const go = async () => {
          for (const each of isLate ? [rebuild, delta] : []) await accept(delivery, each);
          await publishAs(delivery, of.times);
        };
        waiting.push({ turn: place + of.late, go });
        if (of.again) waiting.push({ turn: place + of.late + 1, go: () => publishAs(delivery, 1) });
        for (const each of waiting.filter(({ turn }) => turn === place)) await each.go();
      }
      const rest = waiting.filter(({ turn }) => turn >= all.length);
      for (const { go } of rest.sort((a, b) => a.turn - b.turn)) await go();
      rebuild.close();
      delta.close();
    }),
    { numRuns: 5, endOnFailure: true },
  );
}, 300_000);
