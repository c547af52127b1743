import { pipelineOf, refusalOf, tableOf } from './pipeline-of';

const ANY = { min: 0, max: Number.MAX_SAFE_INTEGER };

test('no table has bounds on volumes, and no pipeline waits, unless it says so', () => {
  expect(tableOf({})).toMatchObject({
    files: { bytes: ANY },
    volumes: { delivery: { rows: ANY, bytes: ANY }, history: undefined },
  });
  expect(pipelineOf({}).complete).toEqual({
    tables: false,
    marker: undefined,
    manifest: undefined,
    quietSeconds: 0,
    atMostSeconds: 0,
  });
  expect(pipelineOf({ complete: { quietSeconds: 60 } }).complete).toMatchObject({ atMostSeconds: 600 });
});

test('what is written is kept; a history has ten deliveries and needs three', () => {
  expect(
    tableOf({
      files: { minBytes: 10, maxBytes: 20 },
      delivery: { rows: { min: 5 }, bytes: { max: 6 } },
      history: { rows: { deviations: 3 } },
    }),
  ).toMatchObject({
    files: { bytes: { min: 10, max: 20 } },
    volumes: {
      delivery: { rows: { min: 5, max: ANY.max }, bytes: { min: 0, max: 6 } },
      history: { last: 10, atLeast: 3, bounds: { rows: { deviations: 3 } } },
    },
  });
  expect(tableOf({ history: { last: 2, rows: { minShare: 1 } } }).volumes.history).toMatchObject({
    atLeast: 2,
  });
});

test.each([
  ['files', { minBytes: 2, maxBytes: 1 }, 'a maxBytes that is not below its minBytes'],
  ['files', { maxBytes: -1 }, 'files.maxBytes'],
  ['delivery', { rows: { min: 2, max: 1 } }, 'a max that is not below its min'],
  ['delivery', { files: { min: 1 } }, '"files", which Landfall does not know'],
  ['history', {}, 'must judge rows, bytes or files'],
  ['history', { rows: {} }, 'must have either deviations, or minShare or maxShare or both'],
  ['history', { rows: { deviations: 1, maxShare: 2 } }, 'must have either deviations, or minShare'],
  ['history', { rows: { minShare: 2, maxShare: 1 } }, 'a maxShare that is not below its minShare'],
  ['history', { last: 3, atLeast: 4, rows: { minShare: 1 } }, 'an atLeast that is not above its last'],
  ['history', { last: 101, rows: { minShare: 1 } }, 'history.last'],
])('a table with %s %j is refused: %s', (key, value, words) => {
  expect(refusalOf(() => tableOf({ [key]: value }))).toMatchObject({
    type: 'DefinitionError',
    happened: expect.stringContaining(words) as string,
  });
});

test.each([
  ['a name', 'DONE', 'DONE', ['DONE2', 'xDONE', 'done']],
  ['a name with a dot', 'all.done', 'all.done', ['all-done']],
  ['a path', 'orders-data/_SUCCESS', 'orders-data/_SUCCESS', ['_SUCCESS']],
  ['an expression', /DONE_\d+|READY/g, 'DONE_1', ['DONE_1x', 'xREADY']],
])('a marker that is %s must match as a whole, every time', (_what, marker, right, wrong) => {
  const { pattern } = pipelineOf({ complete: { marker } }).complete.marker ?? { pattern: /(?!)/ };
  for (let again = 0; again < 2; again += 1) expect(pattern.test(right)).toBe(true);
  for (const name of wrong) expect(pattern.test(name)).toBe(false);
});

const FIELDS = { file: 'name' };

test.each([
  [{}, 'must say by what: tables, marker, manifest or quietSeconds'],
  [{ marker: '' }, 'complete.marker must be a file name'],
  [{ marker: '../DONE' }, 'complete.marker must be a file name'],
  [{ marker: '/DONE' }, 'complete.marker must be a file name'],
  [{ marker: 'a/b/DONE' }, 'complete.marker must be a file name'],
  [{ marker: 'DO\nNE' }, 'complete.marker must be a file name'],
  [{ quietSeconds: 0 }, 'complete.quietSeconds'],
  [{ quietSeconds: 1.5 }, 'complete.quietSeconds'],
  [{ quietSeconds: 60, atMostSeconds: 59 }, 'may have atMostSeconds only with quietSeconds, and not less'],
  [{ tables: true, atMostSeconds: 60 }, 'may have atMostSeconds only with quietSeconds'],
  [{ quiet: 5 }, '"quiet", which Landfall does not know'],
  [{ manifest: { name: 'm.json', format: 'xml', fields: FIELDS } }, 'complete.manifest.format'],
  [{ manifest: { name: 'm.csv', format: 'csv', list: 'files', fields: FIELDS } }, '"list", which Landfall'],
  [{ manifest: { name: 'm.json', format: 'json', fields: {} } }, 'complete.manifest.fields.file'],
  [
    { marker: 'DONE', manifest: { name: 'm.json', format: 'json', fields: FIELDS } },
    'must have a marker or a manifest, not both',
  ],
])('complete %j is refused: %s', (complete, words) => {
  expect(refusalOf(() => pipelineOf({ complete }))).toMatchObject({
    type: 'DefinitionError',
    happened: expect.stringContaining(words) as string,
  });
});

test('a table cannot have the folder in which markers and manifests are archived', () => {
  expect(refusalOf(() => tableOf({ folder: 'delivery-notes' })).happened).toContain(
    'must have other folders than delivery-notes',
  );
});
