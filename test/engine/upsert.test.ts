import { column, type Columns } from '../../src/definition/column';
import { jsonLines } from '../../src/definition/format';
import type { TableDefinition } from '../../src/definition/table';
import type { KeyBucket, Part, ProcessedFile } from '../../src/engine/tasks';
import { writeCuratedPart } from '../../src/engine/write-curated-part';
import { failureOf, must } from '../adapters/test-buckets';
import { readParquet } from './curate-files';
import { Tasks } from './task-context';

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
async function write(tasks: Tasks<Columns>, inputs: ProcessedFile[], bucket: KeyBucket = ALL): Promise<Part> {
  const target = { bucket: tasks.bucket, key: `curated/${(next += 1)}/data-part-0.parquet` };
  const of = { pipeline: 'things', table: 'rows', content: 'c', version: 'v1.2.3' };
  const task = { ...of, inputs, bucket, target };
  return must((await tasks.withContext((context) => writeCuratedPart(task, context)))[0]);
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
