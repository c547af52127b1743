import { readMetadata } from '../../src/definition/read-metadata';
import { tableFromMetadata } from '../../src/definition/table-from-metadata';
import { refusalOf } from './pipeline-of';

const table = (column: object, more: object = {}) => ({
  name: 't',
  columns: [{ name: 'a', ...column }],
  ...more,
});

const directly = (metadata: object): unknown => tableFromMetadata(metadata);

describe('what a table cannot have of mojap-metadata', () => {
  test.each(['uint64', 'null', 'time32(s)', 'time64(us)', 'map_<string,int64>'])(
    '%s is refused, naming the column',
    (type) => {
      expect(refusalOf(() => directly(table({ type })))).toEqual({
        type: 'DefinitionError',
        happened: `Table "t" of the metadata: column "a" has the type ${type}, which has no counterpart in Glue.`,
        next: 'Give it another type, or leave the column out of the metadata.',
      });
    },
  );

  test.each<[string, object, string]>([
    [
      'an unknown type',
      table({ type: 'varchar' }),
      'column "a" has the type varchar, which is none of mojap-metadata’s',
    ],
    ['an inherited word', table({ type: 'constructor' }), 'which is none of mojap-metadata’s'],
    ['no type', table({ type_category: 'integer' }), 'column "a" has no type but the type_category integer'],
    [
      'a pattern of Python alone',
      table({ type: 'string', pattern: '(?i)a' }),
      'has the pattern (?i)a, which is no regular expression in JavaScript',
    ],
    [
      'a bound with places',
      table({ type: 'int8', minimum: 0.5 }),
      'has the minimum 0.5, which no int8 is, or not exactly',
    ],
    [
      'a bound beyond exact numbers',
      table({ type: 'int64', maximum: 2 ** 60 }),
      'has the maximum 1152921504606847000',
    ],
    [
      'an enum of another type',
      table({ type: 'int8', enum: ['1'] }),
      'has the enum value "1", which is no int8',
    ],
    [
      'an enum that the pattern refuses',
      table({ type: 'string', enum: ['x'], pattern: 'y' }),
      'of which its other rules refuse every value',
    ],
    [
      'an enum of dates',
      table({ type: 'date32', enum: ['2024-01-01'] }),
      'has an enum, which a date cannot have here',
    ],
    ['a key of no column', table({ type: 'int8' }, { primary_key: ['b'] }), 'primary_key names "b"'],
    ['a partition of no column', table({ type: 'int8' }, { partitions: ['b'] }), 'partitions names "b"'],
    [
      'a format',
      table({ type: 'int8' }, { file_format: 'orc' }),
      'has the file_format "orc", which Landfall does not read',
    ],
    [
      'two columns of one name',
      {
        name: 't',
        columns: [
          { name: 'A', type: 'int8' },
          { name: 'a', type: 'int8' },
        ],
      },
      'the columns "A" and "a", which are both "a" in Glue',
    ],
    [
      'a name that Glue has not',
      { name: 't', columns: [{ name: '1st', type: 'int8' }] },
      '"1st" can be no name in Glue',
    ],
    [
      'a type inside a list',
      table({ type: 'list<struct<k:map_<string,int8>>>' }),
      'column "a": column "its element": column "k" has the type map_<string,int8>, which has no counterpart',
    ],
    ['a type of no kind', table({ type: 'list<>' }), 'column "its element" has the type , which is none of'],
    ['a struct without names', table({ type: 'struct<int8>' }), 'does not say of each field "name:type"'],
    [
      'brackets that do not close',
      table({ type: 'list<struct<a:int8>' }),
      'has the type struct<a:int8, which',
    ],
    ['fields of one name', table({ type: 'struct<A:int8,a:int8>' }), 'which are both "a" in Glue'],
    ['bytes in a list', table({ type: 'list<binary>' }), 'is binary, which lists and structs cannot hold'],
    ['an enum of lists', table({ type: 'list<int8>', enum: [1] }), 'has an enum, which an array cannot have'],
    [
      'lists beyond all bounds',
      table({ type: `${'list<'.repeat(10_000)}int8${'>'.repeat(10_000)}` }),
      'has lists and structs more than 20 deep',
    ],
    ['no columns', { name: 't' }, 'The metadata is no mojap-metadata table: columns'],
    ['text', 'table' as unknown as object, 'The metadata is no mojap-metadata table'],
  ])('%s is refused', (_what, metadata, words) => {
    expect(refusalOf(() => directly(metadata))).toMatchObject({
      type: 'DefinitionError',
      happened: expect.stringContaining(words) as string,
    });
  });

  test.each<[string, object, string]>([
    [
      'an unknown key of the table',
      table({ type: 'int8' }, { owner: 'x' }),
      'the key "owner" is not one of mojap-metadata\'s',
    ],
    [
      'an unknown key of a column',
      table({ type: 'int8', nulable: false }),
      'column "a": the key "nulable" is not one',
    ],
    ['a database', table({ type: 'int8' }, { database_name: 'x' }), 'database_name is left out'],
    [
      'a partition column',
      {
        name: 't',
        partitions: ['b'],
        columns: [
          { name: 'a', type: 'int8' },
          { name: 'b', type: 'int8' },
        ],
      },
      'partition column "b" is left out',
    ],
    [
      'a pattern of a number',
      table({ type: 'int8', pattern: 'x' }),
      'pattern is left out: it is for text, not for int8',
    ],
    ['a length of a number', table({ type: 'int8', minLength: 1 }), 'minLength is left out'],
    ['a minimum of text', table({ type: 'string', minimum: 1 }), 'minimum is left out'],
    ['a format of a number', table({ type: 'int8', datetime_format: '%Y' }), 'datetime_format is left out'],
    ['a standard name', table({ type: 'int8', alias: 'nomis_id' }), 'alias "nomis_id" is left out'],
    [
      'a key into another database',
      table({ type: 'int8', foreign_key: [{ table: 'db.t', columns: ['x'] }] }),
      'its foreign key to "db.t" (x) is left out',
    ],
    ['bytes as text', table({ type: 'binary' }), 'are taken to be written in base64'],
    ['a number of bytes', table({ type: 'binary(16)' }, { file_format: 'parquet' }), 'that it has 16 bytes'],
    ['unique lists', table({ type: 'list<int8>', unique: true }), 'unique is left out'],
    ['the length of a list', table({ type: 'list<int8>', minLength: 1 }), 'minLength is left out'],
    ['JSON', table({ type: 'int8' }, { file_format: 'json' }), 'is taken as JSON lines'],
    ['a sensitive table', table({ type: 'int8' }, { sensitive: true }), 'all of them are taken to be'],
  ])('%s is told, never dropped in silence', (_what, metadata, words) => {
    const told: string[] = [];
    tableFromMetadata(metadata, { onWarning: (each) => told.push(each) });
    expect(told).toEqual([expect.stringContaining(words)]);
    expect(readMetadata(metadata).warnings).toHaveLength(1);
  });
});
