import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LandfallClient } from '../../src/client';
import type { RunFailedError } from '../../src/run-failed-error';
import { failureOf } from '../adapters/test-buckets';
import { startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';

/** Blocks of 12 bytes, as a mainframe writes them: a number (packed), a name (EBCDIC), a mark for its kind. */
const PARSER = `async function* (bytes, { row, reject }) {
  const LETTERS = new Map([...'ABCDEFGHI'].map((letter, at) => [0xc1 + at, letter]).concat([[0x40, ' ']]));
  let open = Buffer.alloc(0);
  let block = 0;
  for await (const chunk of bytes) {
    open = Buffer.concat([open, chunk]);
    for (; open.length >= 12; open = open.subarray(12)) {
      block += 1;
      const id = open.subarray(0, 4).toString('hex').replace(/^0+(?=\\d)/, '').slice(0, -1);
      const name = [...open.subarray(4, 11)].map((byte) => LETTERS.get(byte));
      if (name.includes(undefined)) yield reject('a byte that is no letter', { line: block, raw: open.subarray(0, 12).toString('hex') });
      else yield row({ id, name: name.join('').trimEnd() || null }, { line: block });
    }
  }
  if (open.length > 0) throw new Error('the last block has ' + open.length + ' of 12 bytes');
}`;
const tables = (parser = PARSER): string => `people: table({
  format: { endings: ['.dat'], parse: ${parser} },
  columns: { id: column.int64(), name: column.string().nullable() },
  primaryKey: ['id'],
  rejects: { maxRows: 1 },
}),
visits: table({
  columns: { person: column.int64() },
  files: { required: false },
  foreignKeys: [{ columns: ['person'], references: { table: 'people', columns: ['id'] }, in: 'delivery' }],
}),`;

const block = (id: number, name: string): Buffer =>
  Buffer.concat([
    Buffer.from(`${String(id).padStart(7, '0')}c`, 'hex'),
    Buffer.from(name.padEnd(7), 'latin1').map((letter) => (letter === 0x20 ? 0x40 : letter + 0x80)),
    Buffer.from([0]),
  ]);

let client: LandfallClient;
let pipeline: TestPipeline;
let worker: TestWorker;

async function start(parser?: string, hasQuarantine = false): Promise<void> {
  pipeline = await createTestPipeline({ tables: tables(parser), hasQuarantine });
  worker = await startTestWorker([pipeline.module]);
}
beforeEach(async () => {
  client = await LandfallClient.connect();
});
afterEach(async () => {
  await worker.stop();
  await client.close();
  pipeline.remove();
});

const linesOf = async (area: 'processed' | 'rejects'): Promise<unknown[]> => {
  const files = (await pipeline.list(area)).filter((key) => key.includes('people'));
  const bodies = await Promise.all(files.map((key) => pipeline.read(area, key)));
  return bodies.flatMap((body) =>
    gunzipSync(body)
      .toString()
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
  );
};

test('a file that only a parser can read goes from land to Glue, with what it rejects, its keys held against others', async () => {
  await start();
  const body = Buffer.concat([block(7, 'ABE'), block(8, 'x'), block(9, '')]);
  await pipeline.land('people-data/a.dat', body);
  await pipeline.land('people-data/b.dat', block(10, 'DEE'));
  await pipeline.land('visits-data/v.csv', 'person\n7\n10\n');
  const result = await client.run(pipeline.name);
  expect(result?.tables).toMatchObject([
    { table: 'people', landed: 4, processed: 3, rejected: 1, published: 3 },
    { table: 'visits', landed: 2, published: 2 },
  ]);
  const [archived = ''] = await pipeline.list('rawHist');
  expect((await pipeline.read('rawHist', archived)).equals(body)).toBe(true);
  expect(await linesOf('processed')).toEqual([
    { id: 7, name: 'ABE', etl_version: 'v1.2.3', source_file: 'a.dat' },
    { id: 9, name: null, etl_version: 'v1.2.3', source_file: 'a.dat' },
    { id: 10, name: 'DEE', etl_version: 'v1.2.3', source_file: 'b.dat' },
  ]);
  expect(await linesOf('rejects')).toEqual([
    {
      row: 2,
      line: 2,
      reasons: [{ code: 'unparsed-record', reason: 'a byte that is no letter' }],
      raw: block(8, 'x').toString('hex'),
      etl_version: 'v1.2.3',
    },
  ]);
});

test('one that is cut off is refused in the parser’s words and stays in land, with keys that two files share', async () => {
  await start();
  await pipeline.land('people-data/a.dat', Buffer.concat([block(7, 'ABE'), block(8, 'BEA').subarray(0, 5)]));
  await pipeline.land('people-data/b.dat', block(7, 'ABE'));
  const failure = await failureOf(client.run(pipeline.name));
  expect(failure.message).toMatch(
    /a\.dat was not read to its end: the parser failed after 1 row: the last block has 5 of 12 bytes\./,
  );
  expect(failure.message).toMatch(/b\.dat, column id: 1 row/);
  expect(await pipeline.list('land')).toHaveLength(2);
  expect(await pipeline.list('rawHist')).toEqual([]);
});

test('a parser that gives another number of rows each time fails the run, and nothing of it is published', async () => {
  // Each time may be in another process.
  const asked = join(tmpdir(), `asked-${randomUUID()}`);
  await start(`async function* (bytes, { row }) {
    const { appendFileSync, statSync } = await import('node:fs');
    appendFileSync('${asked}', '.');
    for (let id = 0; id < statSync('${asked}').size; id += 1) yield row({ id: String(id), name: null });
  }`);
  await pipeline.land('people-data/a.dat', 'x');
  const failure = await failureOf(client.run(pipeline.name));
  expect(failure.message).toContain('The parser of table "people" is not pure');
  expect(await pipeline.list('curated')).toEqual([]);
  expect(await pipeline.list('rawHist')).toHaveLength(1);
  rmSync(asked);
});

test('a parser is told the name that landed, also of a file that is taken from quarantine', async () => {
  await start(
    `async function* (bytes, { file, row, reject }) {
      if (file !== 'a.dat') throw new Error('it is not a.dat but ' + file);
      for (const id of ['1', '2', '3']) yield id === '1' ? row({ id, name: null }) : reject('bad');
    }`,
    true,
  );
  await pipeline.land('people-data/a.dat', 'x');
  const { message, delivery } = (await failureOf(client.run(pipeline.name))) as unknown as RunFailedError;
  expect(message).toContain('too many rows to reject: 2');
  expect(await pipeline.list('land')).toEqual([]);
  const { fileLandTimestamp } = delivery;
  const decision = { kind: 'accept', by: 'Ann', why: 'they are known' } as const;
  const accepted = await client.run(pipeline.name, { fileLandTimestamp, decision });
  expect(accepted?.tables[0]).toMatchObject({ table: 'people', landed: 3, processed: 1, rejected: 2 });
});
