import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { WriteCuratedPartTask } from '../../src/engine/tasks';
import { DEVELOPMENT } from '../../src/version';
import { failureOf, must } from '../adapters/test-buckets';
import { Bench } from './bench';
import { createTellingEngine } from './engine-in-process';
import { toArchived, toProcessed, toPublished } from './take-through';

const tableOf = (by: string, mode = 'rebuild'): string => `a: table({
  columns: { id: column.int64() }, mode: '${mode}',
  ${
    by === ''
      ? ''
      : `curated: { transform: { columns: { number: column.int64({ description: 'Its number' }) },
    apply: ({ columns, frame, added, pl }) =>
      frame.select(columns.id.mul(pl.lit(${by}).cast(pl.Int64)).alias('number'), ...added) } },`
  }
}),`;

let bench: Bench;
let made: WriteCuratedPartTask[] = [];
let next = 0;
const open = async (tables: string, version?: string): Promise<void> => {
  made = [];
  next = 0;
  bench = await Bench.create({ tables, ...(version === undefined ? {} : { version }) });
};
afterEach(() => bench.close());

function runCounting() {
  const counting = createTellingEngine({ pipelines: bench.pipelines, store: bench.store }, (task) =>
    made.push(task),
  );
  return bench.run({ engine: counting });
}

async function land() {
  await bench.land('a-data/x.csv', `id\n${(next += 1)}\n`);
  return bench.take();
}

/** @returns how many files were made, and not copied */
async function publishNext(): Promise<number> {
  made = [];
  await toPublished(runCounting(), await land());
  return made.length;
}

test('Glue has the columns of the curation, with their types and comments', async () => {
  await open(tableOf('2'));
  await publishNext();
  const { tables } = must(await createGlueCatalogue().readDatabase(bench.pipeline.database));
  expect(tables[0]?.columns.map(({ name, type, comment }) => [name, type, comment])).toEqual([
    ['number', 'bigint', 'Its number'],
    ['etl_version', 'string', expect.any(String)],
    ['source_file', 'string', expect.any(String)],
    ['file_land_timestamp', 'bigint', expect.any(String)],
  ]);
});

test('files are kept until the image’s tag, or the transform, is another', async () => {
  await open(tableOf('2'));
  await publishNext();
  expect(await publishNext()).toBe(1);
  await bench.release(tableOf('2'), 'v2');
  expect(await publishNext()).toBe(3);
  expect(await publishNext()).toBe(1);
  // Somebody moved the tag.
  await bench.release(tableOf('3'), 'v2');
  expect(await publishNext()).toBe(5);
});

test('without a tag nothing is known of the code, so that every run makes all files anew', async () => {
  await open(tableOf('2'), DEVELOPMENT);
  await publishNext();
  expect(await publishNext()).toBe(2);
  await bench.release(tableOf(''), DEVELOPMENT);
  await publishNext();
  expect(await publishNext()).toBe(1);
});

test('a release in the middle of a run publishes nothing of two codes', async () => {
  await open(tableOf('2'));
  const delivery = await land();
  const run = runCounting();
  await toProcessed(run, delivery, await toArchived(run, delivery));
  await run.planCuration(delivery);
  const later = bench.run({ version: 'v2' }, run.runId);
  expect((await failureOf(later.writeCurated({ ...delivery, table: 'a' }))).message).toContain(
    'another release was deployed meanwhile',
  );
});

test('what mode delta has in curated alone does not go through a curation that comes later', async () => {
  await open(tableOf('', 'delta'));
  await publishNext();
  await bench.release(tableOf('2'));
  const failure = await failureOf(publishNext());
  expect(failure.name).toBe('DefinitionError');
  expect(failure.message).toContain('they hold rows that have not gone through curated.transform');
});
