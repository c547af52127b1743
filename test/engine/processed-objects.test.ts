import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { column } from '../../src/definition/column';
import { readColumn } from '../../src/definition/read-column';
import { RowBatch } from '../../src/engine/row-batch';
import { storeProcessedObjects } from '../../src/engine/store-processed-objects';
import { createJsonLinesWriter, type LinesFile } from '../../src/engine/write-json-lines';
import { createBucket, readBytes } from '../adapters/test-buckets';
import { store } from './task-context';

const COLUMNS = [readColumn('s', column.string())];
const ORIGIN = { 'landfall-version': 'v1' };

let folder: string;
let bucket: string;
beforeAll(async () => (bucket = await createBucket('objects')));
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'landfall-test-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Rows of these texts, in batches of these many. */
function* batchesOf(texts: readonly string[], rowsEach: number): Generator<RowBatch> {
  for (let first = 0; first < texts.length; first += rowsEach) {
    const batch = new RowBatch(1);
    for (const [index, text] of texts.slice(first, first + rowsEach).entries())
      batch.set(batch.begin(first + index + 1, first + index + 2), text);
    yield batch;
  }
}

async function write(texts: readonly string[], largest: number, rowsEach = 1): Promise<LinesFile[]> {
  const writer = createJsonLinesWriter(
    { tempFolder: folder, ended: new AbortController().signal },
    COLUMNS,
    [],
    largest,
  );
  for (const batch of batchesOf(texts, rowsEach)) await writer.write(batch);
  return writer.end();
}

const linesOf = async ({ path }: LinesFile): Promise<string> => gunzipSync(await readFile(path)).toString();

test('a file ends with the line that reaches the size, and no file is empty but the only one', async () => {
  const files = await write(['a', 'b', 'c', 'd', 'e'], 20);
  expect(await Promise.all(files.map(linesOf))).toEqual([
    '{"s":"a"}\n{"s":"b"}\n',
    '{"s":"c"}\n{"s":"d"}\n',
    '{"s":"e"}\n',
  ]);
  expect(files.map(({ rows, contentBytes }) => [rows, contentBytes])).toEqual([
    [2, 20],
    [2, 20],
    [1, 10],
  ]);
  expect((await write(['a', 'b', 'c', 'd'], 20)).length).toBe(2);
  expect((await write([], 20)).map(({ rows }) => rows)).toEqual([0]);
});

test('the same rows are cut at the same places, however they come, and none is lost', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { maxLength: 60 }),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 60 }),
      async (texts, largest, rowsEach) => {
        const expected = texts.map((s) => `${JSON.stringify({ s })}\n`);
        const one = await write(texts, largest);
        const contents = await Promise.all(one.map(linesOf));
        expect(contents.join('')).toBe(expected.join(''));
        for (const [place, content] of contents.entries()) {
          const { rows, contentBytes, contentSha256 } = one[place] as LinesFile;
          expect(rows).toBe(content.split('\n').length - 1);
          expect(contentBytes).toBe(Buffer.byteLength(content));
          expect(contentSha256).toBe(createHash('sha256').update(content).digest('hex'));
        }
        expect(await write(texts, largest, rowsEach)).toEqual(one);
      },
    ),
    { seed: 20_261_123, numRuns: 60 },
  );
});

test('what other code had made of further rows is deleted, also where that was stopped before its end', async () => {
  const target = { bucket, key: 'x_7.jsonl.gz' };
  const keys = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { key } of store.list(bucket, 'x_7')) found.push(key);
    return found;
  };
  const four = await write(['a', 'b', 'c', 'd'], 1);
  const objects = await storeProcessedObjects({ store }, target, four, ORIGIN);
  const all = ['x_7.jsonl.gz', ...[2, 3, 4].map((part) => `x_7.part-000${part}.jsonl.gz`)];
  expect(objects.map(({ key }) => key)).toEqual(all);
  expect((await keys()).sort()).toEqual([...all].sort());
  const bodies = await Promise.all(all.map((key) => readBytes(store, { bucket, key })));
  expect(bodies.map((body) => gunzipSync(body).toString())).toEqual(
    ['a', 'b', 'c', 'd'].map((s) => `{"s":"${s}"}\n`),
  );

  let deleted = 0;
  const failing = {
    ...store,
    write: store.write.bind(store),
    head: store.head.bind(store),
    delete: (...args: Parameters<typeof store.delete>) => {
      if (deleted === 1) return Promise.reject(new Error('stopped'));
      deleted += 1;
      return store.delete(...args);
    },
  };
  const one = await write(['e'], 100);
  await expect(storeProcessedObjects({ store: failing }, target, one, ORIGIN)).rejects.toThrow('stopped');
  expect((await keys()).length).toBe(3);
  await storeProcessedObjects({ store }, target, one, ORIGIN);
  expect(await keys()).toEqual(['x_7.jsonl.gz']);
});
