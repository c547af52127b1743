import { column } from '../../src/definition/column';
import { pipelineOf, refusalOf, tableOf } from './pipeline-of';

const COLUMNS = { id: column.string() };
const FROM_RAW_HIST = { curated: { source: 'raw-hist' } };

test('curated is made of processed, or of raw-hist', () => {
  expect(tableOf({}).source).toBe('processed');
  expect(tableOf({ curated: { source: 'processed' } }).source).toBe('processed');
  expect(tableOf(FROM_RAW_HIST).source).toBe('raw-hist');
  expect(refusalOf(() => tableOf({ curated: { source: 'land' } })).happened).toContain('curated.source');
});

const apply = (): undefined => undefined;
test.each<[string, Record<string, unknown>, RegExp]>([
  [
    'a transform',
    { transform: { columns: COLUMNS, apply } },
    /it has transform, which makes what is processed/,
  ],
  [
    'a parser',
    { format: { endings: ['.x'], parse: apply } },
    /it has a parser of its own, which would run each time/,
  ],
  ['rejects', { rejects: { maxRows: 1 } }, /it has rejects, which are kept, with their reasons/],
  [
    'processed objects',
    { processed: { objectBytes: 2 ** 30 } },
    /it has processed, of which the table would have nothing/,
  ],
  [
    'an upsert in mode delta',
    { mode: 'delta', primaryKey: ['id'], curated: { source: 'raw-hist', upsert: true } },
    /curated\.upsert/,
  ],
])('what is done in processed alone is refused: %s', (_name, changes, happened) => {
  const refusal = refusalOf(() => tableOf({ ...FROM_RAW_HIST, ...changes }));
  expect(refusal.type).toBe('DefinitionError');
  expect(refusal.happened).toMatch(happened);
  expect(refusal.next).not.toBe('');
});

test('the database over processed has no table of which nothing is processed', () => {
  const tables = {
    kept: { columns: COLUMNS },
    unprocessed: { columns: COLUMNS, ...FROM_RAW_HIST },
  };
  const { areaDatabases } = pipelineOf({ tables, areaDatabases: { processed: 'my_processed' } });
  expect(areaDatabases[0]?.tables.map(({ name }) => name)).toEqual(['kept']);
  const named = { processed: { database: 'my_processed', tables: ['unprocessed'] } };
  expect(refusalOf(() => pipelineOf({ tables, areaDatabases: named })).happened).toMatch(
    /areaDatabases\.processed\.tables names "unprocessed", of which nothing is processed/,
  );
  const { unprocessed } = tables;
  const none = () => pipelineOf({ tables: { unprocessed }, areaDatabases: { processed: 'my_processed' } });
  expect(refusalOf(none).happened).toMatch(/areaDatabases\.processed would have no table/);
});
