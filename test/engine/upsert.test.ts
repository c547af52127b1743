import { column, type Columns } from '../../src/definition/column';
import { jsonLines } from '../../src/definition/format';
import type { TableDefinition } from '../../src/definition/table';
import type {
  KeyBucket,
  MergedPart,
  Part,
  ProcessedFile,
  WriteCuratedPartTask,
} from '../../src/engine/tasks';
import { writeCuratedPart } from '../../src/engine/write-curated-part';
import { failureOf, must } from '../adapters/test-buckets';
import { readParquet } from './curate-files';
import { store, Tasks } from './task-context';

const FIRST = 1_534_968_800;
const ALL: KeyBucket = { place: 0, of: 1 };

type Definition = TableDefinition;
const definitionOf = (columns: Columns, primaryKey: string[], upsert: unknown = true): Definition =>
  ({ format: jsonLines(), columns, primaryKey, curated: { upsert } }) as unknown as Definition;

/** What each file is of: its delivery and its lines. */
type File = [delivery: number, ...lines: string[]];

async function process(tasks: Tasks<Columns>, files: readonly File[]): Promise<ProcessedFile[]> {
  const inputs: ProcessedFile[] = [];
  for (const [place, [delivery, ...lines]] of files.entries()) {
    const target = { bucket: tasks.bucket, key: `processed/${place}.jsonl.gz` };
    const made = await tasks.transform(lines.map((line) => `${line}\n`).join(''), { target }, 'rows.jsonl');
    const { rowsOut: rows, contentBytes: bytes, contentSha256 } = made;
    inputs.push({ ...target, fileLandTimestamp: FIRST + delivery, rows, bytes, contentSha256 });
  }
  return inputs;
}

let next = 0;
async function write(
  tasks: Tasks<Columns>,
  inputs: ProcessedFile[],
  bucket: KeyBucket = ALL,
  changes: Partial<WriteCuratedPartTask> = {},
): Promise<Part> {
  const target = { bucket: tasks.bucket, key: `curated/${(next += 1)}/data-part-0.parquet` };
  const of = { pipeline: 'things', table: 'rows', content: 'c', version: 'v1.2.3' };
  const task = { ...of, inputs, bucket, target, ...changes };
  return must((await tasks.withContext((context) => writeCuratedPart(task, context))).files[0]);
}

async function merge(
  definition: Definition,
  files: readonly File[],
): Promise<{ part: Part; found: string[] }> {
  const tasks = await Tasks.of<Columns>(definition);
  const part = await write(tasks, await process(tasks, files));
  return { part, found: await notesOf(tasks, part) };
}

const notesOf = async (tasks: Tasks<Columns>, part: Part): Promise<string[]> =>
  (await readParquet(tasks, part)).getColumn('note').toArray() as string[];

const NOTE = { note: column.string() };

test.each<[string, Columns[string], string, string, string]>([
  ['int64', column.int64(), '9007199254740993', '9007199254740993', '9007199254740992'],
  ['decimal', column.decimal(38, 4), '1.5', '1.5000', '1.5001'],
  ['decimal of zero', column.decimal(9, 2), '0', '-0.00', '0.01'],
  ['string', column.string(), '"é"', '"\\u00e9"', '"e\\u0301"'],
  ['string of digits', column.string(), '"7"', '"7"', '"007"'],
  ['empty string', column.string(), '""', '""', '" "'],
  ['date', column.date(), '"2024-02-29"', '"2024-02-29"', '"2024-03-01"'],
  [
    'timestamp',
    column.timestamp(),
    '"2024-01-01T00:00:00"',
    '"2024-01-01T00:00:00.000000"',
    '"2024-01-01T00:00:00.000001"',
  ],
  ['boolean', column.boolean(), 'true', 'true', 'false'],
  ['binary', column.binary({ encoding: 'base64' }), '"AA=="', '"AA=="', '"AAA="'],
])('a key of %s is the same where its value is', async (_name, key, first, same, other) => {
  const rowOf = (text: string, note: string): string => `{"k":${text},"note":"${note}"}`;
  const { part, found } = await merge(definitionOf({ k: key, ...NOTE }, ['k']), [
    [0, rowOf(first, 'old'), rowOf(other, 'other')],
    [1, rowOf(same, 'new')],
  ]);
  expect(found.sort()).toEqual(['new', 'other']);
  expect(part).toMatchObject({ rows: 2, merged: { superseded: 1, deleted: 0, newest: FIRST + 1 } });
});

const PAIR = definitionOf({ a: column.string(), b: column.string(), ...NOTE }, ['a', 'b']);
const pair = (a: string, b: string, note: string): string => JSON.stringify({ a, b, note });

test('keys of several columns are the same where all of them are, and files are sorted by them', async () => {
  const { found } = await merge(PAIR, [
    [0, pair('b', '', '5'), pair('a', 'bc', '1'), pair('ab', 'c', '3'), pair('', 'abc', '0')],
    [1, pair('a', 'bd', '2'), pair('ab', 'c', '4')],
  ]);
  expect(found).toEqual(['0', '1', '2', '4', '5']);
});

test('within a delivery the last of its files and rows stays', async () => {
  const tasks = await Tasks.of<Columns>({ ...PAIR, curated: {} });
  const inputs = await process(tasks, [
    [0, pair('x', '', '1')],
    [0, pair('x', '', '2')],
  ]);
  const upserting = await Tasks.of<Columns>(PAIR);
  expect(await notesOf(upserting, await write(upserting, inputs))).toEqual(['2']);
  expect(await notesOf(upserting, await write(upserting, inputs.reverse()))).toEqual(['1']);
});

const GONE = definitionOf({ id: column.int64(), ...NOTE, gone: column.boolean() }, ['id'], {
  deletedWhere: 'gone',
});
const gone = (id: number, note: string, is = false): string => JSON.stringify({ id, note, gone: is });

test('a deletion takes its key out, until a later delivery has it again', async () => {
  const { part, found } = await merge(GONE, [
    [0, gone(1, 'a'), gone(2, 'b'), gone(3, 'c'), gone(4, 'd', true)],
    [1, gone(1, '', true), gone(2, '', true), gone(5, '', true)],
    [2, gone(2, 'again')],
  ]);
  expect(found).toEqual(['again', 'c']);
  expect(part).toMatchObject({ rows: 2, merged: { superseded: 3, deleted: 3, newest: FIRST + 2 } });
});

test('where all is deleted there is a file without rows', async () => {
  const { part, found } = await merge(GONE, [
    [0, gone(1, 'a')],
    [1, gone(1, '', true)],
  ]);
  expect(found).toEqual([]);
  expect(part).toMatchObject({ rows: 0, merged: { superseded: 1, deleted: 1, newest: null } });
});

test('each key is in one of the parts, whatever they are made of', async () => {
  const tasks = await Tasks.of<Columns>(GONE);
  const ids = Array.from({ length: 500 }, (_, id) => id);
  const files: File[] = [0, 1].map((delivery) => [
    delivery,
    ...ids.filter((id) => id % (delivery + 1) === 0).map((id) => gone(id, `${id} of ${delivery}`)),
  ]);
  const inputs = await process(tasks, files);
  const found: string[] = [];
  for (const place of [0, 1, 2]) {
    const part = await write(tasks, inputs, { place, of: 3 });
    expect(part.rows).toBeGreaterThan(120);
    found.push(...(await notesOf(tasks, part)));
  }
  expect(found.sort()).toEqual(ids.map((id) => `${id} of ${id % 2 === 0 ? 1 : 0}`).sort());
});

describe('rows that were processed when the table was declared otherwise', () => {
  const before = definitionOf({ id: column.int64(), ...NOTE }, ['id']);
  const row = '{"id":1,"note":"a"}';

  test('are no deletions where the column was not there', async () => {
    const inputs = await process(await Tasks.of<Columns>(before), [[0, row]]);
    const tasks = await Tasks.of<Columns>(GONE);
    expect(await notesOf(tasks, await write(tasks, inputs))).toEqual(['a']);
  });

  test('are told where they have no key', async () => {
    const inputs = await process(await Tasks.of<Columns>(before), [[0, row]]);
    const columns = { id: column.int64(), part: column.int32(), ...NOTE };
    const tasks = await Tasks.of<Columns>(definitionOf(columns, ['id', 'part']));
    const failure = await failureOf(write(tasks, inputs));
    expect(failure.name).toBe('DefinitionError');
    expect(failure.message).toMatch(
      /Table "rows": rows of delivery 1534968800 .* have a null in the primary key \(id, part\).*Nothing was published/,
    );
  });
});

test('a file that is there already is taken, with what it says of itself', async () => {
  const tasks = await Tasks.of<Columns>(GONE);
  const inputs = await process(tasks, [
    [0, gone(1, 'a'), gone(2, '', true)],
    [1, gone(1, 'b')],
  ]);
  const part = await write(tasks, inputs);
  next -= 1;
  expect(await write(tasks, inputs)).toEqual(part);
});

describe('made of a published part', () => {
  /** Of some of the inputs, with its deleted keys. */
  async function writeBase(
    tasks: Tasks<Columns>,
    inputs: ProcessedFile[],
    bucket: KeyBucket = ALL,
  ): Promise<Part> {
    return write(tasks, inputs, bucket, { keepsDeleted: true });
  }
  const baseOf = (tasks: Tasks<Columns>, part: Part, changes: Partial<MergedPart> = {}): MergedPart => ({
    bucket: tasks.bucket,
    files: [{ key: part.key, sha256: part.sha256, rows: part.rows, bytes: part.bytes }],
    ...(part.deletedKeys && { deletedKeys: part.deletedKeys }),
    columns: ['id', 'note', 'gone', 'etl_version', 'file_land_timestamp'],
    merged: must(part.merged),
    ...{ first: FIRST, last: FIRST + 9, isWider: false, isAlike: false, ...changes },
  });
  const ROWS: File[] = [
    [0, gone(1, 'a'), gone(2, 'b'), gone(3, 'c'), gone(4, 'd')],
    [1, gone(1, '', true), gone(2, 'later'), gone(5, '', true)],
    [2, gone(3, '', true), gone(4, 'last')],
  ];

  test.each<[string, number[], ...number[][]]>([
    ['in their order', [0], [1, 2]],
    ['the first of them late', [1, 2], [0]],
    ['the one between late', [0, 2], [1]],
    ['one by one, the last first', [2], [1], [0]],
    ['with nothing more', [0, 1, 2], []],
  ])('it is what all deliveries come to: %s', async (_name, first, ...others) => {
    const tasks = await Tasks.of<Columns>(GONE);
    const inputs = await process(tasks, ROWS);
    const pick = (places: number[]): ProcessedFile[] => places.map((place) => must(inputs[place]));
    const whole = await writeBase(tasks, inputs);
    let part = await writeBase(tasks, pick(first));
    for (const places of others)
      part = await write(tasks, pick(places), ALL, { keepsDeleted: true, base: baseOf(tasks, part) });
    expect(await notesOf(tasks, part)).toEqual(['later', 'last']);
    expect(part.merged).toEqual(whole.merged);
    expect(await keysOf(tasks, part)).toEqual(await keysOf(tasks, whole));
    expect(await keysOf(tasks, part)).toEqual([
      [1, FIRST + 1],
      [3, FIRST + 2],
      [5, FIRST + 1],
    ]);
  });

  const keysOf = async (tasks: Tasks<Columns>, part: Part): Promise<number[][]> =>
    (await readParquet(tasks, must(part.deletedKeys))).rows().map((row) => row.map(Number));

  test('its deleted keys are where nobody looks who lists its folder', async () => {
    const tasks = await Tasks.of<Columns>(GONE);
    const part = await writeBase(tasks, await process(tasks, ROWS));
    const [folder] = part.key.split('data-part-0');
    expect(must(part.deletedKeys).key).not.toContain(folder);
    expect(must(part.deletedKeys).key).toContain('curated/_deleted/');
  });

  test.each<[string, Columns[string], (id: number) => string]>([
    ['int64', column.int64(), (id) => `${id}`],
    ['decimal', column.decimal(9, 2), (id) => `${id}.5`],
    ['string', column.string(), (id) => JSON.stringify(`é"${id}`)],
    ['date', column.date(), (id) => `"2024-01-${String(id + 1).padStart(2, '0')}"`],
    ['timestamp', column.timestamp(), (id) => `"2024-01-01T00:00:00.${String(id).padStart(6, '0')}"`],
    ['binary', column.binary({ encoding: 'base64' }), (id) => `"${Buffer.from([id]).toString('base64')}"`],
    ['boolean', column.boolean(), (id) => String(id % 2 === 0)],
  ])('keys of %s go to the part that has them, when one becomes two', async (_name, key, textOf) => {
    const definition = definitionOf(
      { k: key, id: column.int32(), ...NOTE, gone: column.boolean() },
      ['k', 'id'],
      {
        deletedWhere: 'gone',
      },
    );
    const row = (id: number, note: string, is = false): string =>
      `{"k":${textOf(id)},"id":${id},"note":"${note}","gone":${is}}`;
    const ids = Array.from({ length: 24 }, (_, id) => id);
    const tasks = await Tasks.of<Columns>(definition);
    const inputs = await process(tasks, [
      [0, ...ids.map((id) => row(id, `first of ${id}`, id % 3 === 0))],
      [1, ...ids.filter((id) => id % 4 === 0).map((id) => row(id, `second of ${id}`))],
    ]);
    const [first, second] = [must(inputs[0]), must(inputs[1])];
    const columns = ['k', 'id', 'note', 'gone', 'etl_version', 'file_land_timestamp'];
    const base = baseOf(tasks, await writeBase(tasks, [first]), { columns, isWider: true });
    for (const place of [0, 1]) {
      const bucket = { place, of: 2 };
      const whole = await writeBase(tasks, inputs, bucket);
      const part = await write(tasks, [second], bucket, { keepsDeleted: true, base });
      expect(part.rows).toBeGreaterThan(0);
      expect((await notesOf(tasks, part)).sort()).toEqual((await notesOf(tasks, whole)).sort());
      expect(part.merged).toEqual(whole.merged);
    }
  });

  test('it is copied, with its deleted keys, where nothing comes to it', async () => {
    const tasks = await Tasks.of<Columns>(GONE);
    const inputs = await process(tasks, ROWS);
    const before = await writeBase(tasks, inputs);
    const base = baseOf(tasks, before, { isAlike: true });
    const copy = await write(tasks, [], ALL, { keepsDeleted: true, base, content: 'other' });
    expect(copy).toMatchObject({
      isCopy: true,
      sha256: before.sha256,
      content: 'other',
      merged: before.merged,
    });
    expect(await keysOf(tasks, copy)).toEqual(await keysOf(tasks, before));
  });

  test.each(['key', 'deletedKeys'] as const)(
    'it is told when the object of its %s is another',
    async (which) => {
      const tasks = await Tasks.of<Columns>(GONE);
      const inputs = await process(tasks, ROWS);
      const part = await writeBase(tasks, inputs);
      const key = which === 'key' ? part.key : must(part.deletedKeys).key;
      await store.write({ bucket: tasks.bucket, key }, 'other');
      for (const isAlike of [false, true]) {
        const base = baseOf(tasks, part, { isAlike });
        const failure = await failureOf(write(tasks, [], ALL, { keepsDeleted: true, base }));
        expect(failure.name).toBe('IntegrityError');
        expect(failure.message).toContain(key);
      }
    },
  );
});
