import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { ObjectStore } from '../../src/adapters/object-store';
import { describeFinding } from '../../src/checks/describe-finding';
import { column, type Columns } from '../../src/definition/column';
import { csv, json, jsonLines } from '../../src/definition/format';
import type { TableDefinition } from '../../src/definition/table';
import { checkFile } from '../../src/engine/check-file';
import type { CheckFileResult } from '../../src/engine/tasks';
import { failureOf, land } from '../adapters/test-buckets';
import { store, Tasks } from './task-context';

const COLUMNS = { id: column.int64(), name: column.string().nullable(), paid: column.boolean().nullable() };

async function check(
  definition: Partial<TableDefinition>,
  body: Buffer | string,
  name?: string,
): Promise<CheckFileResult> {
  const tasks = await Tasks.of<Columns>({ columns: COLUMNS, ...definition });
  return tasks.check(body, name);
}

const shortly = ({ findings }: CheckFileResult): string[] =>
  findings.map(({ code, column: name, count, samples }) =>
    [
      code,
      name ?? '-',
      count,
      ...samples.map(({ row, line, value }) => `${row}/${line}${value === undefined ? '' : `=${value}`}`),
    ].join(' '),
  );

describe('check-file', () => {
  it('passes a good file, and gives size, SHA-256 and rows of the very bytes in land', async () => {
    const body = gzipSync('name,id,paid\nAnn,1,true\n"",2,\n');
    const result = await check({ primaryKey: ['id'] }, body, 'rows.csv.gz');
    expect(result).toEqual({
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
      rows: 2,
      findings: [],
      rejected: 0,
      tolerated: [],
      moreFindings: 0,
      moreTolerated: 0,
    });
  });

  it('finds all that is wrong, not the first thing', async () => {
    const csv =
      'id,name,paid\n1,a,banana\n007,b,true\n1,c\n,d,no\n1,"e"f,true\n9007199254740993,g,\n1,h,true\n';
    const result = await check({ primaryKey: ['id'], rows: { min: 10 } }, csv);
    expect(result.rows).toBe(7);
    expect(shortly(result)).toEqual([
      'too-few-rows - 1',
      'type paid 2 1/2=banana 4/5=no',
      'type id 1 2/3=007',
      'field-count - 1 3/4',
      'null id 1 4/5',
      'bad-quote - 1 5/6',
      'duplicate-key id 1 7/8=1',
    ]);
  });

  it('checks the columns that are there when others are missing, unknown or repeated', async () => {
    const result = await check({}, 'id,nom,id,paid\n1,a,1,x\n');
    expect(shortly(result)).toEqual([
      'duplicate-column id 1',
      'missing-column name 1',
      'unknown-column nom 1',
      'type paid 1 1/2=x',
    ]);
  });

  it('hides values of sensitive columns, also in keys', async () => {
    const columns = { id: column.int64({ sensitive: true }), name: column.string() };
    const result = await check({ columns, primaryKey: ['id', 'name'] }, 'id,name\n111,a\n222x,b\n111,a\n');
    expect(shortly(result)).toEqual(['type id 1 2/3', 'duplicate-key id, name 1 3/4']);
    expect(JSON.stringify(result.findings)).not.toMatch(/111|222/);
  });

  it('holds a primary key of several columns to be unique and without nulls, compared as values', async () => {
    const columns = { day: column.date({ format: '%d/%m/%Y' }).nullable(), amount: column.decimal(9, 2) };
    const csv = 'day,amount\n1/2/2024,1.5\n01/02/2024,1.50\n,1.5\n01/02/2024,2\nx,1\n';
    const result = await check({ columns, primaryKey: ['day', 'amount'] }, csv);
    expect(shortly(result)).toEqual([
      'duplicate-key day, amount 1 2/3=2024-02-01, 1.50',
      'null-in-key day, amount 1 3/4',
      'type day 1 5/6=x',
    ]);
  });

  it.each([
    ['empty', '', 'rows.csv', ['empty-file - 1', 'too-few-rows - 1']],
    ['a byte order mark alone', '\uFEFF', 'rows.csv', ['empty-file - 1', 'too-few-rows - 1']],
    ['a header alone', 'id,name,paid\n', 'rows.csv', ['too-few-rows - 1']],
    ['gzip of nothing', gzipSync(''), 'rows.csv.gz', ['empty-file - 1', 'too-few-rows - 1']],
    [
      'no gzip under the name of one',
      'id,name,paid\n1,a,\n',
      'rows.csv.gz',
      ['wrong-compression - 1', 'too-few-rows - 1'],
    ],
    [
      'gzip under another name',
      gzipSync('id,name,paid\n1,a,\n'),
      'rows.csv',
      ['wrong-compression - 1', 'too-few-rows - 1'],
    ],
    [
      'UTF-16',
      Buffer.from('\uFEFFid,name,paid\n1,a,\n', 'utf16le'),
      'rows.csv',
      ['wrong-encoding - 1', 'too-few-rows - 1'],
    ],
  ])('a file that is %s', async (_name, body, name, findings) => {
    expect(shortly(await check({}, body, name))).toEqual(findings);
  });

  it('a trailer is no row, and its count is held against the rows', async () => {
    const format = csv({ trailer: { pattern: /T,(\d+)/ } });
    const csvOf = (trailer: string): string => `id,name,paid\n1,a,\n2,"b\nT,9",\n${trailer}`;
    expect(await check({ format }, csvOf('T,2\n'))).toMatchObject({ rows: 2, findings: [] });
    expect(await check({ format }, csvOf('"T","0002"'))).toMatchObject({ rows: 2, findings: [] });
    const wrong = await check({ format }, csvOf('T,3\n'));
    expect(wrong).toMatchObject({ rows: 2 });
    expect(wrong.findings.map((each) => describeFinding(each))).toEqual([
      'land/rows.csv has 2 rows, but its trailer says 3.',
    ]);
    for (const [body, codes] of [
      [csvOf(''), ['missing-trailer - 1']],
      [csvOf('T,2\n3,c,\n'), ['missing-trailer - 1', 'field-count - 1 3/5']],
      ['id,name,paid\n', ['missing-trailer - 1', 'too-few-rows - 1']],
    ] as const)
      expect(shortly(await check({ format }, body))).toEqual(codes);
  });

  it('without a header fields are in the order of the columns', async () => {
    const format = csv({ header: false });
    expect(await check({ format, primaryKey: ['id'] }, '1,a,true\n2,b,\n')).toMatchObject({
      rows: 2,
      findings: [],
    });
    expect(shortly(await check({ format }, '1,a\nx,b,\n'))).toEqual([
      'field-count - 1 1/1',
      'type id 1 2/2=x',
    ]);
    expect(shortly(await check({ format, rows: { min: 0 } }, ''))).toEqual(['empty-file - 1']);
  });

  it('a blank line is named as what it is', async () => {
    expect(shortly(await check({}, 'id,name,paid\n1,a,\n\n'))).toEqual(['blank-line - 1 2/3']);
  });

  it('a header alone says that it is one', async () => {
    const { findings } = await check({}, 'id,name,paid\n');
    expect(findings.map((each) => describeFinding(each))).toEqual([
      'land/rows.csv has too few rows: 0 behind its header, expected at least 1.',
    ]);
  });

  it('a header alone is enough where no row is', async () => {
    expect(shortly(await check({ rows: { min: 0 } }, 'id,name,paid\n'))).toEqual([]);
    expect(shortly(await check({ rows: { max: 1 } }, 'id,name,paid\n1,a,\n2,b,\n'))).toEqual([
      'too-many-rows - 1',
    ]);
  });

  it('gzip cut off or damaged is found, and the hash is still of all bytes', async () => {
    const whole = gzipSync(
      `id,name,paid\n${Array.from({ length: 5000 }, (_, id) => `${id},n${id * 7919},\n`).join('')}`,
    );
    const cut = whole.subarray(0, whole.length - 100);
    const damaged = Buffer.from(whole);
    damaged[damaged.length - 6] = (damaged[damaged.length - 6] ?? 0) ^ 0xff;
    const trailing = Buffer.concat([whole, Buffer.from('more')]);
    for (const body of [cut, damaged, trailing]) {
      const result = await check({}, body, 'rows.csv.gz');
      expect(result.findings.map(({ code }) => code)).toContain('damaged-compression');
      expect(result.sha256).toBe(createHash('sha256').update(body).digest('hex'));
      expect(result.bytes).toBe(body.length);
    }
  });

  it('size and hash are of the whole file, also where nothing of it can be read', async () => {
    const body = Buffer.alloc(3_000_000, 'id,name,paid\n1,a,\n');
    const result = await check({}, body, 'rows.csv.gz');
    expect(result.findings.map(({ code }) => code)).toEqual(['wrong-compression', 'too-few-rows']);
    expect(result.bytes).toBe(body.length);
    expect(result.sha256).toBe(createHash('sha256').update(body).digest('hex'));
  });

  it('gzip of several members is read whole', async () => {
    const body = Buffer.concat([gzipSync('id,name,paid\n1,a,\n'), gzipSync('2,b,\n')]);
    expect(await check({}, body, 'rows.csv.gz')).toMatchObject({ rows: 2, findings: [] });
  });

  it('a million faults are counted, and the answer stays small', async () => {
    const csv = `id,name,paid\n${'x,y,z\n'.repeat(300_000)}`;
    const result = await check({}, csv);
    expect(result.findings.map(({ count, samples }) => [count, samples.length])).toEqual([
      [300_000, 5],
      [300_000, 5],
    ]);
    expect(JSON.stringify(result).length).toBeLessThan(2000);
  });

  it('JSON has values of its own kinds; nothing is turned into another', async () => {
    const rows = [
      '{"id":1,"name":"a","paid":true}',
      '{"id":9007199254740993,"name":null}',
      '{"id":"2","paid":false,"name":"x"}',
      '{"id":3.0,"name":7,"paid":"true"}',
      '{"id":4,"name":{"first":"a"},"paid":[true]}',
      '{"name":"no id"}',
      '{"id":5,"nom":"x"}',
      '{"id":1e3}',
    ];
    const expected = [
      'type id 2 4/4=3.0 8/8=1e3',
      'type name 2 4/4=7 5/5={…}',
      'type paid 1 5/5=[…]',
      'missing-column id 1 6/6',
      'unknown-column nom 1 7/7',
    ];
    expect(shortly(await check({ format: jsonLines() }, `${rows.join('\n')}\n`, 'rows.jsonl'))).toEqual(
      expected,
    );
    expect(shortly(await check({ format: json() }, `[${rows.join(',\n')}]`, 'rows.json'))).toEqual(expected);
  });

  it('is refused when the store gives other bytes than it said', async () => {
    const tasks = await Tasks.of<Columns>({ columns: COLUMNS });
    const source = await land(store, { bucket: tasks.bucket, key: 'land/rows.csv' }, 'id,name,paid\n1,a,\n');
    // No real store lies about its sizes, so this one does.
    const lying: ObjectStore = {
      ...store,
      read: () => Promise.resolve(Readable.from([Buffer.from('id,name,paid\n1,a')])),
    };
    const task = { pipeline: 'things', table: 'rows', source };
    const failure = await failureOf(
      tasks.withContext((context) => checkFile(task, { ...context, store: lying })),
    );
    expect(failure.name).toBe('IntegrityError');
    expect(failure.message).toMatch(/should have 18 bytes, but 16 were read/);
  });

  it('names what it knows when pipeline or table are misspelt', async () => {
    const tasks = await Tasks.of<Columns>({ columns: COLUMNS });
    const source = { bucket: tasks.bucket, key: 'land/rows.csv', etag: '', size: 0 };
    const failure = await failureOf(
      tasks.withContext((context) => checkFile({ pipeline: 'things', table: 'row', source }, context)),
    );
    expect(failure.message).toBe('Pipeline "things" has no table "row". Did you mean "rows"? Known: rows.');
  });
});
