import { gunzipSync } from 'node:zlib';
import { column } from '../../src/definition/column';
import { definePipeline, type PipelineDefinition } from '../../src/definition/define-pipeline';
import { table } from '../../src/definition/table';
import type { TaskContext } from '../../src/engine/task-context';
import { inTempPlace } from '../../src/engine/temp-place';
import { transformFile } from '../../src/engine/transform-file';
import { writeCuratedPart } from '../../src/engine/write-curated-part';
import { createBucket, land, must, readBytes } from '../adapters/test-buckets';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pl from 'nodejs-polars';
import { store } from './task-context';

type Options = Pick<PipelineDefinition, 'versionColumn' | 'sourceFileColumn'>;

const pipelineOf = (options: Options) =>
  definePipeline({
    name: 'things',
    database: 'things',
    environment: 'test',
    areas: { land: 'land', rawHist: 'raw-hist', processed: 'processed', curated: 'curated', log: 'log' },
    ...options,
    tables: { rows: table({ columns: { id: column.int64() } }) },
  });

const CSV = 'id\n1\n';
const sha256 = createHash('sha256').update(CSV).digest('hex');
let bucket: string;
beforeAll(async () => (bucket = await createBucket('added')));

const withContext = <R>(options: Options, perform: (context: TaskContext) => Promise<R>) =>
  inTempPlace(join(tmpdir(), 'landfall-test-'), (place) =>
    perform({ ...place, store, pipelines: [pipelineOf(options)], onProgress: () => undefined }),
  );

async function process(options: Options, fileName = 'rows.csv') {
  const target = { bucket, key: 'rows.jsonl.gz' };
  const source = await land(store, { bucket, key: 'rows.csv' }, CSV);
  const of = { pipeline: 'things', table: 'rows', fileLandTimestamp: 7, version: 'v1' };
  const task = { ...of, source, sha256, target, fileName };
  const result = await withContext(options, (context) => transformFile(task, context));
  const object = must(result.objects[0]);
  return { ...result, ...object, ...target, line: String(gunzipSync(await readBytes(store, target))) };
}

test.each<[string, Options, string]>([
  ['by default', {}, '{"id":1,"etl_version":"v1","source_file":"rows.csv"}\n'],
  [
    'under other names',
    { versionColumn: 'tag', sourceFileColumn: 'file' },
    '{"id":1,"tag":"v1","file":"rows.csv"}\n',
  ],
  ['without the file', { sourceFileColumn: false }, '{"id":1,"etl_version":"v1"}\n'],
])('every processed row has the version and the file it landed in: %s', async (_what, options, line) => {
  expect((await process(options)).line).toBe(line);
});

test('a file may have any name', async () => {
  const name = 'a "quoted" ä\\.csv';
  expect(JSON.parse((await process({}, name)).line)).toMatchObject({ source_file: name });
});

test('rows that were processed before there was such a column have null in curated', async () => {
  const {
    bucket: of,
    key: processed,
    rowsOut: rows,
    contentBytes: bytes,
    contentSha256,
  } = await process({
    sourceFileColumn: false,
  });
  const inputs = [{ bucket: of, key: processed, fileLandTimestamp: 7, rows, bytes, contentSha256 }];
  const target = { bucket, key: 'part.parquet' };
  const part = { pipeline: 'things', table: 'rows', inputs, target, content: 'c', version: 'v2' };
  await withContext({}, (context) => writeCuratedPart(part, context));
  expect(pl.readParquet(await readBytes(store, target)).toRecords()).toEqual([
    { id: 1, etl_version: 'v1', source_file: null, file_land_timestamp: 7 },
  ]);
});

test('added columns have names of their own', () => {
  expect(() => pipelineOf({ versionColumn: 'x', sourceFileColumn: 'x' })).toThrow(/have the name "x"/);
});
