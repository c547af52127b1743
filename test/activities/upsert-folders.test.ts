import { must } from '../adapters/test-buckets';
import { readSnapshot } from './read-published';
import { toPublished } from './take-through';
import { FOLDER_COLUMNS, rowOf, tableOf, UPSERT, UpsertedTable, type Row } from './upserted-table';

const FOLDERS = `${UPSERT}, partitionBy: ['court']`;
let table: UpsertedTable;
const open = async (mode = 'delta', curated = FOLDERS): Promise<UpsertedTable> =>
  (table = await UpsertedTable.open(tableOf(mode, curated, FOLDER_COLUMNS)));
afterEach(() => table.close());

const of = (court: string, id: number, note: string, gone = false): Row => ({
  ...rowOf(id, note, gone),
  court,
});
const courtsOf = async (delivery: Parameters<UpsertedTable['read']>[0]): Promise<string[]> =>
  (await table.read(delivery))
    .map((line) => JSON.parse(line) as { court: string; note: string })
    .map(({ court, note }) => `${court}: ${note}`)
    .sort();

test.each(['rebuild', 'delta'])(
  'a row that is in another folder now is no more in the one before: mode %s',
  async (mode) => {
    await open(mode);
    await table.publish([of('north', 1, 'a'), of('south', 2, 'b')], 0);
    const moved = await table.publish([of('south', 1, 'moved')], 1);
    expect(await courtsOf(moved)).toEqual(['south: b', 'south: moved']);
    const { parts } = await readSnapshot(table.bench, moved);
    expect(parts.map(({ partition }) => partition)).toEqual([{ court: 'south' }]);
  },
);

test.each(['rebuild', 'delta'])(
  'a table without rows is without files, and knows what was deleted: mode %s',
  async (mode) => {
    await open(mode);
    const first = await table.refuse([of('north', 1, 'old'), of('north', 1, 'twice')], 0);
    const empty = await table.publish([of('south', 1, '-', true)], 1);
    const snapshot = await readSnapshot(table.bench, empty);
    expect(snapshot).toMatchObject({ parts: [], rows: 0 });
    expect(snapshot.outcomes).toMatchObject([{ merged: { superseded: 0, deleted: 1, newest: null } }]);
    const late = await table.accept(first);
    await table.publish([of('east', 2, 'b')], 2);
    const { tables } = await toPublished(table.run(), late);
    expect(must(tables[0]).merged).toEqual({ processed: 4, superseded: 2, deleted: 1 });
    expect(await courtsOf(late)).toEqual(['east: b']);
  },
);

test('a part to which nothing comes is copied, folder by folder, and swept with its deleted keys', async () => {
  await open('delta', `${FOLDERS}, maxSourceBytes: 400`);
  const rows = Array.from({ length: 24 }, (_, id) =>
    of(id % 2 ? 'north' : 'south', id, 'first', id % 5 === 0),
  );
  const first = await readSnapshot(table.bench, await table.publish(rows, 0));
  const places = must(first.outcomes).length;
  expect(places).toBeGreaterThan(3);
  const delivery = await table.publish([of('north', 2, 'second')], 1);
  const second = await readSnapshot(table.bench, delivery);
  const contents = new Set(second.parts.map(({ content }) => content));
  const copied = second.parts.filter(({ bytes, sha256 }) =>
    first.parts.some((each) => each.sha256 === sha256 && each.bytes === bytes),
  );
  expect(new Set(copied.map(({ content }) => content)).size).toBe(contents.size - 1);
  expect(second.reused).toBe(copied.length);
  expect(await courtsOf(delivery)).toContain('north: second');
  const keys = must(second.outcomes).flatMap(({ deletedKeys }) => deletedKeys ?? []);
  expect(keys.reduce((sum, each) => sum + each.rows, 0)).toBe(5);
  expect(await table.sweep()).toMatchObject({ snapshots: 1, kept: 1, strangers: 0 });
  const left = [...second.parts, ...keys].map(({ key }) => key).sort();
  expect((await table.bench.keys('curated')).sort()).toEqual(left);
});

test('a table that grows becomes twice as many parts, each with its folders', async () => {
  await open('delta', `${FOLDERS}, maxSourceBytes: 1000`);
  const some = (from: number, note: string): Row[] =>
    Array.from({ length: 8 }, (_, id) => of(id % 2 ? 'north' : 'south', from + id, note));
  const first = await readSnapshot(table.bench, await table.publish(some(0, 'a'), 0));
  const delivery = await table.publish([...some(10, 'b'), ...some(20, 'c'), of('west', 3, '-', true)], 1);
  const second = await readSnapshot(table.bench, delivery);
  expect(must(second.outcomes).length).toBe(must(first.outcomes).length * 4);
  expect((await table.notes(delivery)).join('')).toBe(`${'a'.repeat(7)}${'b'.repeat(8)}${'c'.repeat(8)}`);
});

test('its folders may be changed, since all of it is made anew of what is published', async () => {
  await open('delta', UPSERT);
  await table.publish([of('north', 1, 'a'), of('south', 2, '-', true)], 0);
  await table.bench.release(tableOf('delta', FOLDERS, FOLDER_COLUMNS));
  const second = await table.publish([of('north', 3, 'c')], 1);
  expect(await courtsOf(second)).toEqual(['north: a', 'north: c']);
  await table.bench.release(
    tableOf('delta', `${UPSERT}, partitionBy: ['note']`, FOLDER_COLUMNS.replace('.nullable()', '')),
  );
  const third = await table.publish([of('east', 1, 'e')], 2);
  expect(await courtsOf(third)).toEqual(['east: e', 'north: c']);
  const { parts } = await readSnapshot(table.bench, third);
  expect(parts.map(({ partition }) => partition)).toEqual([{ note: 'c' }, { note: 'e' }]);
});

test('deleted keys that are damaged keep what is processed where it is', async () => {
  await open();
  await table.publish([of('north', 1, '-', true)], 0);
  const { delivery, run } = await table.publishOnly([of('north', 2, '-', true)], 1);
  const { outcomes } = await readSnapshot(table.bench, delivery);
  await table.bench.put('curated', must(must(must(outcomes)[0]).deletedKeys).key, 'other');
  await expect(run.deleteFromProcessed(delivery)).rejects.toThrow(/is missing or is not what was written/);
  expect(await table.processed()).toHaveLength(1);
});
