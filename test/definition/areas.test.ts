import { protectionsOf } from '../../src/definition/protections';
import { AREAS, pipelineOf, refusalOf } from './pipeline-of';

const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-0123456789ab';
const RAW_HIST = 'production-environment/my-database-data/my-table-data/file_land_timestamp=1534968800';

test('nothing is declared unless it is written', () => {
  const pipeline = pipelineOf({});
  expect(pipeline).toMatchObject({ areas: AREAS, protections: {} });
  expect(protectionsOf([pipeline])({ bucket: AREAS.rawHist, key: `${RAW_HIST}/x.csv` })).toEqual({});
});

test('what is declared holds for what the pipeline writes there, and retention runs from the timestamp of the key', () => {
  const pipeline = pipelineOf({
    areas: {
      ...AREAS,
      rawHist: {
        bucket: 'mojap-raw-hist',
        encryption: { kmsKey: ARN, bucketKey: false },
        objectLock: { mode: 'GOVERNANCE', days: 2 },
        legalHold: true,
      },
      curated: { bucket: 'mojap-curated', encryption: { kmsKey: 'alias/curated' } },
    },
  });
  expect(pipeline.areas).toEqual(AREAS);
  const protect = protectionsOf([pipeline]);
  const kms = { key: ARN, bucketKey: false };
  expect(protect({ bucket: 'mojap-raw-hist', key: `${RAW_HIST}/data_1534968800.csv` })).toEqual({
    ...{ kms, legalHold: true },
    retention: { mode: 'GOVERNANCE', until: 1534968800 + 2 * 86_400 },
  });
  expect(protect({ bucket: 'mojap-curated', key: 'production-environment/my-database/t/x.parquet' })).toEqual(
    {
      kms: { key: 'alias/curated' },
    },
  );
  for (const other of [
    { bucket: 'mojap-raw-hist', key: 'production-environment/another-data/t/x.csv' },
    { bucket: 'mojap-log', key: `${RAW_HIST}/x.csv` },
  ])
    expect(protect(other)).toEqual({});
});

test('legalHold: false is none', () => {
  const pipeline = pipelineOf({ areas: { ...AREAS, rawHist: { bucket: 'hist', legalHold: false } } });
  expect(protectionsOf([pipeline])({ bucket: 'hist', key: `${RAW_HIST}/x.csv` })).toEqual({});
});

test.each([
  [{ log: { bucket: 'B' } }, 'areas.log.bucket must be the name of an S3 bucket'],
  [{ log: {} }, 'areas.log.bucket'],
  [{ log: 7 }, 'areas.log'],
  [{ log: undefined }, 'areas.log'],
  [{ land: { bucket: 'mojap-land' } }, 'areas.land'],
  [{ log: { bucket: 'mojap-log', kms: 'x' } }, 'areas.log has "kms", which Landfall does not know'],
  [
    { raw: { bucket: 'mojap-raw', legalHold: true } },
    'areas.raw has "legalHold", which Landfall does not know',
  ],
  [{ log: { bucket: AREAS.land } }, 'must have a bucket of its own each'],
  [{ log: { bucket: 'l', encryption: {} } }, 'areas.log.encryption.kmsKey'],
  [{ log: { bucket: 'log', encryption: { kmsKey: 'my key' } } }, 'must be the ARN, the ID or the alias'],
  [
    { rawHist: { bucket: 'hist', objectLock: { mode: 'FOREVER', days: 1 } } },
    'areas.rawHist.objectLock.mode',
  ],
  [
    { rawHist: { bucket: 'hist', objectLock: { mode: 'COMPLIANCE', days: 0 } } },
    'areas.rawHist.objectLock.days',
  ],
  [{ rawHist: { bucket: 'hist', objectLock: { mode: 'COMPLIANCE', years: 1 } } }, '"years", which Landfall'],
  [{ rawHist: { bucket: 'hist', legalHold: 'ON' } }, 'areas.rawHist.legalHold'],
])('areas with %j are refused: %s', (changed, words) => {
  expect(refusalOf(() => pipelineOf({ areas: { ...AREAS, ...changed } })).happened).toContain(words);
});
