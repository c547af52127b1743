import { gzipSync } from 'node:zlib';
import { column, type Columns } from '../../src/definition/column';
import { csv, fixedWidth, json, jsonLines } from '../../src/definition/format';
import type { TableDefinition } from '../../src/definition/table';
import type { CuratedPart, ProcessedFile } from '../../src/engine/tasks';
import { writeCuratedPart } from '../../src/engine/write-curated-part';
import { failureOf, land, must } from '../adapters/test-buckets';
import { EVERY_TYPE } from './every-type';
import { store, Tasks } from './task-context';

const NESTED = {
  id: column.int64(),
  items: column
    .array(
      column.struct({
        sku: column.string().nullable(),
        price: column.decimal(38, 4).nullable(),
        day: column.date({ format: '%d/%m/%Y' }).nullable(),
        weight: column.float64().nullable(),
      }),
    )
    .nullable(),
};
const NESTED_LINES = [
  '{"id":9007199254740993,"items":[{"sku":"007","price":1.5,"day":"29/02/2024","weight":-0.0}]}',
  '{"id":2,"items":null}',
  '{"id":3,"items":[]}',
];
const CSV_ROWS = [
  's,b,i8,i64,f32,f64,d,day,at',
  '"a ""q"", é🎉\n",true,-128,9007199254740993,0.1,5e-324,1.50,29/02/2024,2024-01-01T00:00:00.000001',
  '"",false,127,-9223372036854775808,-0.0,1e308,-0.0001,01/01/1969,1969-12-31T23:59:59',
  ',,,,,,,,',
];
const CSV = `${CSV_ROWS.join('\n')}\n`;
const SOLE = { a: column.int32(), b: column.string() };

interface Case {
  definition: TableDefinition;
  name: string;
  body: Buffer | string;
}
const CASES: Record<string, Case> = {
  'CSV of every type': { definition: { columns: EVERY_TYPE }, name: 'rows.csv', body: CSV },
  'the same, sorted': {
    definition: { columns: EVERY_TYPE, curated: { sortBy: ['i64', 's'] } },
    name: 'rows.csv',
    body: CSV,
  },
  'gzipped CSV of another dialect': {
    definition: {
      columns: {
        id: column.int64({ header: 'ID', nullTexts: ['NA'] }).nullable(),
        at: column.timestamp({ format: '%d/%m/%Y %H:%M:%S %z' }),
        photo: column.binary({ encoding: 'hex' }).nullable(),
        size: column.uint32(),
      },
      format: csv({ delimiter: ';', encoding: 'windows-1252', comment: '#' }),
      header: { extra: 'ignore' },
    },
    name: 'rows.csv.gz',
    body: gzipSync('# of today\nat;other;ID;photo;size\n01/07/2024 00:30:00 +0100;x;NA;00fF;4294967295\n'),
  },
  'JSON lines of arrays and structs': {
    definition: { columns: NESTED, format: jsonLines() },
    name: 'rows.jsonl',
    body: `${NESTED_LINES.join('\n')}\n`,
  },
  'a JSON array': {
    definition: { columns: NESTED, format: json() },
    name: 'rows.json',
    body: `[${NESTED_LINES.join(',')}]`,
  },
  'lines of fixed width': {
    definition: {
      columns: SOLE,
      format: fixedWidth({ fields: { a: { start: 1, width: 3 }, b: { start: 4, width: 3 } } }),
    },
    name: 'rows.txt',
    body: '  7 x \n-12é z\n',
  },
};

/** A file of the table, as it is archived and as it is processed. */
async function archive(
  tasks: Tasks<Columns>,
  { name, body }: Pick<Case, 'name' | 'body'>,
  fileLandTimestamp = 1534968800,
): Promise<{ archived: ProcessedFile; processed: ProcessedFile }> {
  const target = { bucket: tasks.bucket, key: `processed/${fileLandTimestamp}.jsonl.gz` };
  const { sha256 } = await tasks.check(body, name);
  const { rowsOut, contentBytes, contentSha256 } = await tasks.transform(body, { target }, name);
  const at = { bucket: tasks.bucket, key: `raw-hist/${fileLandTimestamp}/${name}` };
  await land(store, at, body);
  const of = { fileLandTimestamp, rows: rowsOut };
  return {
    archived: { ...at, ...of, bytes: body.length, contentSha256: sha256, fileName: name },
    processed: { ...target, ...of, bytes: contentBytes, contentSha256 },
  };
}

let made = 0;
const curate = async (tasks: Tasks<Columns>, inputs: ProcessedFile[]): Promise<CuratedPart> => {
  const target = { bucket: tasks.bucket, key: `curated/rows/${(made += 1)}/data-part-0.parquet` };
  const task = { pipeline: 'things', table: 'rows', inputs, target, content: 'content', version: 'v1.2.3' };
  return must((await tasks.withContext((context) => writeCuratedPart(task, context))).files[0]);
};

/** The very bytes: rows, types, order, and what a file says of itself. */
const bytesOf = ({ rows, sha256 }: CuratedPart) => ({ rows, sha256 });

test.each(Object.entries(CASES))(
  'a file is curated to the same bytes, archived or processed: %s',
  async (_, each) => {
    const tasks = await Tasks.of<Columns>(each.definition);
    const { archived, processed } = await archive(tasks, each);
    expect(bytesOf(await curate(tasks, [archived]))).toEqual(bytesOf(await curate(tasks, [processed])));
  },
);

test('so are several files, one behind another', async () => {
  const tasks = await Tasks.of<Columns>({ columns: SOLE });
  const first = await archive(tasks, { name: 'rows.csv', body: 'b,a\n"x,",1\ny,2\n' });
  const second = await archive(tasks, { name: 'rows.csv', body: 'a,b\n3,z\n' }, 1534968801);
  const expected = bytesOf(await curate(tasks, [first.processed, second.processed]));
  expect(expected.rows).toBe(3);
  expect(bytesOf(await curate(tasks, [first.archived, second.archived]))).toEqual(expected);
  // A table that was processed once, and is not any more.
  expect(await curate(tasks, [first.processed, second.archived])).toMatchObject({ rows: 3 });
});

test('an archived file that is not what landed, or does not pass any more, is told', async () => {
  const tasks = await Tasks.of<Columns>({ columns: { a: column.int32() } });
  const { archived } = await archive(tasks, { name: 'rows.csv', body: 'a\n1\n2\n' });
  const failing = async (file: ProcessedFile, of = tasks) => (await failureOf(curate(of, [file]))).message;
  expect(await failing({ ...archived, rows: 3 })).toContain('has 2 rows, but 3 landed');
  expect(await failing({ ...archived, key: 'raw-hist/none.csv' })).toContain(
    'is not there, though it was archived',
  );
  await land(store, archived, 'a\n1\n3\n');
  expect(await failing(archived)).toMatch(/has the SHA-256 [0-9a-f]+, but the file that was checked had/);
  const other = await Tasks.of<Columns>({ columns: { a: column.int32().max(1) } });
  const { archived: now } = await archive(tasks, { name: 'rows.csv', body: 'a\n1\n2\n' });
  expect(await failing(now, other)).toMatch(/does not pass it any more: .*column a: 1 row/);
});
