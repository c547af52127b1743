import { column } from '../../src/definition/column';
import type { Columns } from '../../src/definition/column';
import type { ProcessedFile } from '../../src/engine/tasks';
import { failureOf } from '../adapters/test-buckets';
import { curate, process, readParquet } from './curate-files';
import { store, Tasks } from './task-context';

const COLUMNS = { id: column.int64(), name: column.string().nullable() };

describe('write-curated-part', () => {
  it('writes all rows of all deliveries in order, with the version and the timestamp', async () => {
    const { tasks, inputs } = await process({ columns: COLUMNS }, ['id,name\n2,b\n1,\n', 'id,name\n3,""\n']);
    const result = await curate(tasks, inputs);
    expect(result).toMatchObject({ key: 'curated/rows/data-part-0.parquet', rows: 3 });
    const frame = await readParquet(tasks, result);
    expect(frame.toRecords()).toEqual([
      { id: 2, name: 'b', etl_version: 'v1.2.3', file_land_timestamp: 1534968800 },
      { id: 1, name: null, etl_version: 'v1.2.3', file_land_timestamp: 1534968800 },
      { id: 3, name: '', etl_version: 'v1.2.3', file_land_timestamp: 1534968801 },
    ]);
    const stored = await store.head({ bucket: tasks.bucket, key: 'curated/rows/data-part-0.parquet' });
    expect(stored?.metadata).toMatchObject({
      'landfall-rows': '3',
      'landfall-sha256': result.sha256,
      'landfall-content': 'content',
    });
  });

  it('gives every column the type that Glue is told', async () => {
    const columns = {
      s: column.string(),
      b: column.boolean(),
      i8: column.int8(),
      i16: column.int16(),
      i32: column.int32(),
      i64: column.int64(),
      f32: column.float32(),
      f64: column.float64(),
      d: column.decimal(38, 9),
      day: column.date(),
      at: column.timestamp(),
    };
    const csv = `${Object.keys(columns).join(',')}\nx,true,1,2,3,9007199254740993,0.1,0.2,12345678901234567890123456789.000000001,2024-02-29,2024-01-01T00:00:00.000001\n`;
    const { tasks, inputs } = await process({ columns }, [csv]);
    for (const files of [inputs, []]) {
      const frame = await readParquet(
        tasks,
        await curate(tasks, files, 'content', `curated/${files.length}/data-part-0.parquet`),
      );
      expect(frame.height).toBe(files.length);
      expect(
        Object.fromEntries(
          Object.entries(frame.schema as Record<string, unknown>).map(([name, type]) => [name, String(type)]),
        ),
      ).toEqual({
        s: 'DataType(String)',
        b: 'DataType(Bool)',
        i8: 'DataType(Int8)',
        i16: 'DataType(Int16)',
        i32: 'DataType(Int32)',
        i64: 'DataType(Int64)',
        f32: 'DataType(Float32)',
        f64: 'DataType(Float64)',
        d: 'DataType(Decimal(38,9))',
        day: 'DataType(Date)',
        at: 'DataType(Datetime(us,))',
        etl_version: 'DataType(String)',
        file_land_timestamp: 'DataType(Int64)',
      });
    }
  });

  it('sorts where asked, nulls first, equal keys in their order', async () => {
    const definition = { columns: COLUMNS, curated: { sortBy: ['name'] } };
    const { tasks, inputs } = await process(definition, ['id,name\n1,b\n2,a\n3,\n', 'id,name\n4,a\n5,b\n']);
    const frame = await readParquet(tasks, await curate(tasks, inputs));
    expect(frame.getColumn('id').toArray()).toEqual([3, 2, 4, 1, 5]);
  });

  it('run twice, recognises its own file; one with other rows is never taken for it', async () => {
    const { tasks, inputs } = await process({ columns: COLUMNS }, ['id,name\n1,a\n', 'id,name\n2,b\n']);
    const first = await curate(tasks, inputs);
    expect(await curate(tasks, inputs)).toEqual(first);
    const failure = await failureOf(curate(tasks, inputs, 'other content'));
    expect(failure.name).toBe('IntegrityError');
    expect(failure.happened).toMatch(/is there already and holds other rows/);
    const stored = await store.head({ bucket: tasks.bucket, key: 'curated/rows/data-part-0.parquet' });
    expect(stored?.metadata['landfall-sha256']).toBe(first.sha256);
  });

  it.each([
    [
      'is missing',
      (input: ProcessedFile) => ({ ...input, key: 'processed/gone.jsonl.gz' }),
      /gone\.jsonl\.gz is not there, though it was processed/,
    ],
    [
      'has other rows',
      (input: ProcessedFile) => ({ ...input, rows: 2 }),
      /processed\/0\.jsonl\.gz has 1 rows, but 2 were processed/,
    ],
    [
      'has other content',
      (input: ProcessedFile) => ({ ...input, contentSha256: '0' }),
      /has other content than was processed/,
    ],
  ])('refuses an input that %s', async (_name, change, words) => {
    const { tasks, inputs } = await process({ columns: COLUMNS }, ['id,name\n1,a\n']);
    const failure = await failureOf(curate(tasks, inputs.map(change)));
    expect(failure.name).toBe('IntegrityError');
    expect(failure.happened).toMatch(words);
    expect(
      await store.head({ bucket: tasks.bucket, key: 'curated/rows/data-part-0.parquet' }),
    ).toBeUndefined();
  });

  it('takes of an input the columns that are declared, and null for those that it has not', async () => {
    const { inputs } = await process({ columns: COLUMNS }, ['id,name\n1,a\n']);
    const other = await Tasks.of<Columns>({ columns: { id: column.int64(), title: column.string() } });
    const frame = await readParquet(other, await curate(other, inputs));
    expect(frame.toRecords()).toEqual([
      { id: 1, title: null, etl_version: 'v1.2.3', file_land_timestamp: 1534968800 },
    ]);
  });
});
