import type { PinnedObject } from '../../src/adapters/object-store';
import { describeFinding } from '../../src/checks/describe-finding';
import { column, type Columns } from '../../src/definition/column';
import { definePipeline } from '../../src/definition/define-pipeline';
import { jsonLines } from '../../src/definition/format';
import { table, type TableDefinition } from '../../src/definition/table';
import type { CheckKeysResult } from '../../src/engine/tasks';
import { createEngineInProcess } from '../activities/engine-in-process';
import { createBucket, land } from '../adapters/test-buckets';
import { AREAS } from '../definition/pipeline-of';
import { store } from './task-context';

type Files = Record<string, string>;

/** Compares the keys of table `cases`, whose foreign keys, in their order, may refer to `referenced`. */
async function checkKeys(
  tables: Record<string, TableDefinition>,
  files: Files,
  referenced: Files[] = [],
): Promise<CheckKeysResult> {
  const bucket = await createBucket('keys');
  const pipeline = definePipeline({
    name: 'things',
    database: 'things',
    environment: 'test',
    areas: { ...AREAS, rejects: 'mojap-rejects' },
    tables: Object.fromEntries(Object.entries(tables).map(([name, each]) => [name, table(each as never)])),
  });
  const landAll = async (given: Files): Promise<PinnedObject[]> => {
    const objects: PinnedObject[] = [];
    for (const [name, body] of Object.entries(given))
      objects.push(await land(store, { bucket, key: name }, body));
    return objects;
  };
  const references = [];
  for (const each of referenced) references.push({ landed: await landAll(each), published: [] });
  const engine = createEngineInProcess({ pipelines: [pipeline], store });
  return engine.checkKeys({ pipeline: 'things', table: 'cases', files: await landAll(files), references });
}

const shortly = ({ findings }: CheckKeysResult): string[] =>
  findings.map(({ code, file, column: name, count, samples }) =>
    [
      code,
      file,
      name,
      count,
      ...samples.map(
        ({ row, line, value, first }) =>
          `${row}/${line}${value === undefined ? '' : `=${value}`}${first ? `<${first.file}:${first.row}/${first.line}` : ''}`,
      ),
    ].join(' '),
  );

const CASES: Columns = {
  id: column.int64(),
  day: column.date({ format: '%d/%m/%Y', header: 'Day' }),
  ref: column.string({ unique: true }).nullable(),
};

describe('keys that rows of several files share', () => {
  it('names both places, compares values, and leaves nulls and what is at fault out', async () => {
    const result = await checkKeys(
      { cases: { columns: CASES, primaryKey: ['id', 'day'] } },
      {
        'a.csv': 'id,Day,ref\n1,01/01/2024,x\n2,01/01/2024,\n3,01/01/2024,"y\nz"\n',
        'b.csv': 'Day,ref,id\n01/01/2024,,4\n1/1/2024,q,1\n01/01/2024,x,bad\n01/02/2024,r,1\n',
        'c.csv': 'id,Day,ref\n1,01/01/2024,q\n9,01/01/2024,"y\nz"\n1,01/01/2024,\n',
      },
    );
    expect(shortly(result)).toEqual([
      'duplicate-key b.csv id, day 1 2/3=1, 2024-01-01<a.csv:1/2',
      'duplicate-key c.csv id, day 1 1/2=1, 2024-01-01<a.csv:1/2',
      'unique b.csv ref 1 3/4=x<a.csv:1/2',
      'unique c.csv ref 2 1/2=q<b.csv:2/3 2/3=y\nz<a.csv:3/4',
    ]);
    expect(result.rows).toBe(10);
    expect(describeFinding(result.findings[0] as never, 4)).toBe(
      'b.csv, column id, day: 1 row (25 %) with a key that an earlier row has: row 2 (line 3) "1, 2024-01-01" as in row 1 (line 2) of a.csv.',
    );
  });

  it('are found however many there are', async () => {
    const rows = (from: number): string =>
      `id\n${Array.from({ length: 60_000 }, (_, index) => `${from + index}\n`).join('')}`;
    const result = await checkKeys(
      { cases: { columns: { id: column.int64() }, primaryKey: ['id'] } },
      { 'a.csv': rows(0), 'b.csv': rows(50_000), 'c.csv': rows(200_000) },
    );
    expect(result.findings).toMatchObject([
      {
        file: 'b.csv',
        count: 10_000,
        samples: [
          { row: 1, first: { file: 'a.csv', row: 50_001 } },
          { row: 2 },
          { row: 3 },
          { row: 4 },
          { row: 5 },
        ],
      },
    ]);
  });

  it('show no value of a sensitive column', async () => {
    const columns: Columns = { id: column.int64(), ni: column.string({ sensitive: true, unique: true }) };
    const result = await checkKeys(
      { cases: { columns, primaryKey: ['id', 'ni'] } },
      { 'a.csv': 'id,ni\n1,SECRET\n', 'b.csv': 'id,ni\n1,SECRET\n' },
    );
    expect(shortly(result)).toEqual([
      'duplicate-key b.csv id, ni 1 1/2<a.csv:1/2',
      'unique b.csv ni 1 1/2<a.csv:1/2',
    ]);
    expect(JSON.stringify(result)).not.toContain('SECRET');
  });

  it('are not those of rows that are left out', async () => {
    const columns: Columns = { id: column.int64(), paid: column.boolean() };
    const files = { 'a.csv': 'id,paid\n1,true\n2,true\n', 'b.csv': 'id,paid\n1,banana\n2,true\n' };
    const rejects = { maxRows: 5 };
    expect(shortly(await checkKeys({ cases: { columns, primaryKey: ['id'], rejects } }, files))).toEqual([
      'duplicate-key b.csv id 1 2/3=2<a.csv:2/3',
    ]);
  });

  it('stand in JSON too, under any name that a column may have', async () => {
    const columns: Columns = { id: column.int64({ alias: ['ID'] }), more: column.string().nullable() };
    const result = await checkKeys(
      { cases: { columns, primaryKey: ['id'], format: jsonLines() } },
      { 'a.jsonl': '{"id":1,"more":"x"}\n', 'b.jsonl': '{"ID":1}\n' },
    );
    expect(shortly(result)).toEqual(['duplicate-key b.jsonl id 1 1/1=1<a.jsonl:1/1']);
  });
});

describe('foreign keys', () => {
  const courts: TableDefinition = { columns: { court: column.string(), region: column.int64() } };
  const referring = (
    columns: Columns,
    names: string[],
    in_: 'delivery' | 'either' = 'delivery',
  ): TableDefinition => ({
    columns,
    foreignKeys: [{ columns: names, references: { table: 'courts', columns: names }, in: in_ }],
  });
  const one = referring({ court: column.string().nullable() }, ['court']);

  it('find rows whose value is none of the referenced table, and ask nulls nothing', async () => {
    const result = await checkKeys(
      { cases: one, courts },
      { 'a.csv': 'court\nleeds\n\nhull\n', 'b.csv': 'court\nYork\nyork\n""\n' },
      [{ 'courts-1.csv': 'court,region\nleeds,1\n', 'courts-2.csv': 'region,court\n2,york\n' }],
    );
    expect(shortly(result)).toEqual([
      'missing-reference a.csv court 1 3/4=hull',
      'missing-reference b.csv court 2 1/2=York 3/4=',
    ]);
    expect(describeFinding(result.findings[0] as never, 3)).toBe(
      'a.csv, column court: 1 row (33.3 %) with a reference to a row that is not there, expected a court of table courts in this delivery: row 3 (line 4) "hull".',
    );
  });

  it('of several columns compare all of them together', async () => {
    const cases = referring({ region: column.int64(), court: column.string() }, ['court', 'region']);
    const result = await checkKeys({ cases, courts }, { 'a.csv': 'region,court\n1,leeds\n2,leeds\n' }, [
      { 'courts.csv': 'court,region\nleeds,1\nyork,2\n' },
    ]);
    expect(shortly(result)).toEqual(['missing-reference a.csv court, region 1 2/3=leeds, 2']);
  });

  it('say so when there is nothing to refer to, or not all of it could be read', async () => {
    const none = await checkKeys({ cases: one, courts }, { 'a.csv': 'court\nleeds\n' }, [{}]);
    expect(none.findings).toMatchObject([
      { expected: 'a court of table courts in this delivery, which has none', count: 1 },
    ]);
    const cases = referring({ region: column.int64() }, ['region'], 'either');
    const some = await checkKeys({ cases, courts }, { 'a.csv': 'region\n3\n' }, [
      { 'courts.csv': 'court,region\nleeds,1\nyork,x\n' },
    ]);
    expect(some.findings).toMatchObject([
      {
        expected:
          'a region of table courts in this delivery or as it is published, of whose rows 1 could not be read',
      },
    ]);
  });

  it('may refer to their own table', async () => {
    const result = await checkKeys(
      {
        cases: {
          columns: { id: column.int64(), parent: column.int64().nullable() },
          foreignKeys: [
            { columns: ['parent'], references: { table: 'cases', columns: ['id'] }, in: 'delivery' },
          ],
        },
      },
      { 'a.csv': 'id,parent\n1,\n2,1\n3,4\n' },
      [{ 'a.csv': 'id,parent\n1,\n2,1\n3,4\n' }],
    );
    expect(shortly(result)).toEqual(['missing-reference a.csv parent 1 3/4=4']);
  });

  it.each([
    ['referring', referring({ court: column.string({ sensitive: true }) }, ['court']), courts],
    ['referenced', one, { columns: { court: column.string({ sensitive: true }), region: column.int64() } }],
  ])('show no value where the %s column is sensitive', async (_which, cases, others) => {
    const result = await checkKeys({ cases, courts: others }, { 'a.csv': 'court\nSECRET\n' }, [
      { 'courts.csv': 'court,region\nHIDDEN,1\n' },
    ]);
    expect(shortly(result)).toEqual(['missing-reference a.csv court 1 1/2']);
    expect(JSON.stringify(result)).not.toMatch(/SECRET|HIDDEN/);
  });
});
