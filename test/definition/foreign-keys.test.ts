import { column } from '../../src/definition/column';
import { pipelineOf, refusalOf, tableOf } from './pipeline-of';

const COURTS = {
  columns: { court_id: column.int64(), name: column.string() },
  transform: { columns: { court_id: column.int64(), region: column.string() }, apply: () => undefined },
};
const key = (changes: object = {}, references: object = {}) => ({
  columns: ['court'],
  references: { table: 'courts', columns: ['court_id'], ...references },
  in: 'delivery',
  ...changes,
});
const withKey = (foreignKey: object, columns: object = { court: column.int64(), name: column.string() }) =>
  pipelineOf({ tables: { courts: COURTS, cases: { columns, foreignKeys: [foreignKey] } } });

const WHERE = 'Pipeline "my-pipeline", table "cases":';

describe('foreign keys and unique columns', () => {
  test('are kept as they are written', () => {
    expect(withKey(key()).tables[1]?.foreignKeys).toEqual([key()]);
    expect(tableOf({}).foreignKeys).toEqual([]);
    const { columns } = tableOf({
      columns: { a: column.string({ unique: true }).nullable(), b: column.string() },
    });
    expect(columns.map(({ unique }) => unique)).toEqual([true, false]);
  });

  test('look for columns where the key looks for rows: landed ones, published ones, or both', () => {
    const region = { columns: ['name'], references: { table: 'courts', columns: ['region'] } };
    expect(withKey({ ...region, in: 'published' }).tables).toHaveLength(2);
    for (const scope of ['delivery', 'either']) {
      expect(refusalOf(() => withKey({ ...region, in: scope }))).toEqual({
        type: 'DefinitionError',
        happened: `${WHERE} the foreign key of name references "region", which is not one of the landed columns of table "courts".`,
        next: 'Name one of: court_id, name.',
      });
    }
    const name = { columns: ['name'], references: { table: 'courts', columns: ['name'] }, in: 'published' };
    expect(refusalOf(() => withKey(name)).happened).toContain(
      'references "name", which is not one of the published columns of table "courts"',
    );
  });

  test.each([
    [
      'a column that is none',
      key({ columns: ['cuort'] }),
      `${WHERE} foreignKeys.0 names "cuort", which is not one of its columns.`,
    ],
    [
      'a table that is none',
      key({}, { table: 'court' }),
      `${WHERE} the foreign key of court references table "court", which the pipeline does not have.`,
    ],
    [
      'more columns than it references',
      key({ columns: ['court', 'name'] }),
      `${WHERE} the foreign key of court, name has 2 columns, but references 1 of table "courts".`,
    ],
    [
      'another type',
      key({ columns: ['name'] }),
      `${WHERE} the foreign key of name: column "name" is string, but "court_id" of table "courts" is bigint.`,
    ],
    [
      'an unknown key',
      key({ on_delete: 'x' }),
      'tables.cases.foreignKeys.0 has "on_delete", which Landfall does not know',
    ],
    [
      'an unknown key of what it references',
      key({}, { database: 'x' }),
      'tables.cases.foreignKeys.0.references has "database", which Landfall does not know',
    ],
    ['an unknown scope', key({ in: 'history' }), 'tables.cases.foreignKeys.0.in Invalid option'],
    ['no scope', key({ in: undefined }), 'tables.cases.foreignKeys.0.in Invalid option'],
    ['no columns', key({ columns: [] }), 'tables.cases.foreignKeys.0.columns'],
  ])('refuses %s', (_what, foreignKey, words) => {
    expect(refusalOf(() => withKey(foreignKey))).toMatchObject({
      type: 'DefinitionError',
      happened: expect.stringContaining(words) as string,
    });
  });

  test('types of one name must be one type: a decimal of other places is another', () => {
    const columns = { court: column.int32() };
    expect(refusalOf(() => withKey(key(), columns)).happened).toContain('"court" is int, but "court_id"');
  });
});
