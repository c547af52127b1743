import { column } from '../../src/definition/column';
import { json } from '../../src/definition/format';
import { refusalOf, tableOf } from './pipeline-of';

const COLUMNS = {
  id: column.int64(),
  line: column.int32(),
  note: column.string().nullable(),
  share: column.float64(),
  gone: column.boolean(),
  perhaps: column.boolean().nullable(),
};
const of = (changes: Record<string, unknown>, curated: Record<string, unknown> = {}) =>
  tableOf({
    ...{ columns: COLUMNS, primaryKey: ['id', 'line'] },
    ...{ curated: { upsert: true, ...curated } },
    ...changes,
  });

test('one row a key, of all that is processed', () => {
  expect(of({ mode: 'delta' }).upsert).toEqual(of({}).upsert);
  expect(of({}).upsert).toEqual({ key: ['id', 'line'], deletedWhere: undefined });
  expect(of({}, { upsert: { deletedWhere: 'gone' } }).upsert).toEqual({
    key: ['id', 'line'],
    deletedWhere: 'gone',
  });
  expect(tableOf({}).upsert).toBeUndefined();
});

test('the key is behind the columns that files are sorted by, so that there is one order', () => {
  expect(of({}).sortBy).toEqual(['id', 'line']);
  expect(of({}, { sortBy: ['note', 'line'] }).sortBy).toEqual(['note', 'line', 'id']);
});

test('what of the key is a folder is not sorted by', () => {
  expect(of({}, { partitionBy: ['line'] })).toMatchObject({ partitionBy: ['line'], sortBy: ['id'] });
  const { happened } = refusalOf(() => of({}, { partitionBy: ['line'], sortBy: ['line'] }));
  expect(happened).toMatch(/curated.partitionBy names "line", and so does curated.sortBy/);
});

const OTHERS = { columns: { id: column.int64() }, apply: () => undefined };

test.each<[string, Record<string, unknown>, Record<string, unknown>, RegExp]>([
  ['no key', { primaryKey: undefined }, {}, /one row of each primary key, and the table has none/],
  ['a curation', {}, { transform: OTHERS }, /curated.upsert and curated.transform cannot go together yet/],
  ['a key that may be null', { primaryKey: ['id', 'note'] }, {}, /"note" of primaryKey is nullable/],
  ['a key of floats', { primaryKey: ['share'] }, {}, /"share" of primaryKey is double/],
  [
    'a key that is transformed away',
    { transform: OTHERS },
    {},
    /with curated.upsert: primaryKey names "line", which is not one of its columns/,
  ],
  [
    'a key that the transform lets be null',
    { transform: { ...OTHERS, columns: { ...COLUMNS, id: column.int64().nullable() } } },
    {},
    /"id" of primaryKey is nullable/,
  ],
  [
    'a key that the transform nests',
    { format: json(), transform: { ...OTHERS, columns: { ...COLUMNS, id: column.array(column.int64()) } } },
    {},
    /primaryKey names "id", which is array<bigint>/,
  ],
  ['an unknown flag', {}, { upsert: { deletedWhere: 'goen' } }, /deletedWhere names "goen", which is not/],
  ['a flag of text', {}, { upsert: { deletedWhere: 'note' } }, /deletedWhere names "note"/],
  ['a flag that may be null', {}, { upsert: { deletedWhere: 'perhaps' } }, /a nullable boolean/],
  ['what it does not know', {}, { upsert: { delete: 'gone' } }, /curated.upsert/],
  ['false', {}, { upsert: false }, /curated.upsert/],
])('is refused with %s', (_name, changes, curated, words) => {
  const { type, happened, next } = refusalOf(() => of(changes, curated));
  expect(type).toBe('DefinitionError');
  expect(happened).toMatch(words);
  expect(next.length).toBeGreaterThan(10);
});
