import { AREAS, pipelineOf, refusalOf } from './pipeline-of';

test('it is the workgroup primary and a folder of the log area, unless another is said', () => {
  expect(pipelineOf({ readerCheck: { database: 'checking' } }).readerCheck).toEqual({
    database: 'checking',
    workgroup: 'primary',
    output: 's3://mojap-log/production-environment/my-database-data/athena/',
    kmsKey: undefined,
  });
  const readerCheck = { database: 'checking', workgroup: 'my.group', output: 's3://answers/of/mine/' };
  expect(pipelineOf({ readerCheck }).readerCheck).toMatchObject(readerCheck);
  expect(pipelineOf({}).readerCheck).toBeUndefined();
});

test('the log area’s key is for what is written there alone', () => {
  const areas = { ...AREAS, log: { bucket: 'mojap-log', encryption: { kmsKey: 'alias/log' } } };
  const keyOf = (more: object): string | undefined =>
    pipelineOf({ areas, readerCheck: { database: 'checking', ...more } }).readerCheck?.kmsKey;
  expect(keyOf({})).toBe('alias/log');
  expect(keyOf({ output: 's3://answers/' })).toBeUndefined();
});

test.each<[object, string]>([
  [{}, 'readerCheck.database'],
  [{ database: 'Not-A-Name' }, 'readerCheck.database must be lower case letters'],
  [{ database: 'my_database' }, 'readerCheck.database is "my_database", which is the name of another'],
  [{ database: 'my_processed' }, 'readerCheck.database is "my_processed", which is the name of another'],
  [{ database: 'c', output: 'answers/' }, 'readerCheck.output must be s3://bucket/folder/'],
  [{ database: 'c', output: 's3://answers/of' }, 'readerCheck.output must be s3://bucket/folder/'],
  [{ database: 'c', workgroup: 'my group' }, 'readerCheck.workgroup must be the name of an Athena workgroup'],
  [{ database: 'c', workGroup: 'primary' }, 'readerCheck has "workGroup", which Landfall does not know'],
])('%j is refused', (readerCheck, words) => {
  const refused = refusalOf(() => pipelineOf({ readerCheck, areaDatabases: { processed: 'my_processed' } }));
  expect(refused).toMatchObject({ type: 'DefinitionError' });
  expect(refused.happened).toContain(words);
});
