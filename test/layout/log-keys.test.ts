import fc from 'fast-check';
import {
  DELIVERY_RECORDS,
  batchRecordKey,
  deliveriesPrefix,
  deliveryRecordKey,
  parseDeliveryRecordKey,
  planKey,
  snapshotRecordKey,
} from '../../src/layout/log-keys';
import { FOLDERS, timestamps } from './arbitraries';

const PREFIX = 'production-environment/my-database-data';

test('records are below the pipeline’s folder', () => {
  expect(deliveryRecordKey(FOLDERS, 1534968800, 'manifest')).toBe(
    `${PREFIX}/deliveries/file_land_timestamp=1534968800/manifest.json`,
  );
  expect(planKey(FOLDERS, 'a-run')).toBe(`${PREFIX}/runs/a-run/plan.json`);
  expect(batchRecordKey(FOLDERS, 'a-run', 'check', 3)).toBe(`${PREFIX}/runs/a-run/check/3.json`);
  expect(snapshotRecordKey(FOLDERS, 'my_table', '0123abcd')).toBe(
    `${PREFIX}/snapshots/my_table/0123abcd.json`,
  );
});

test('the key of a delivery’s record says which it is', () => {
  fc.assert(
    fc.property(timestamps, fc.constantFrom(...DELIVERY_RECORDS), (fileLandTimestamp, record) => {
      expect(parseDeliveryRecordKey(FOLDERS, deliveryRecordKey(FOLDERS, fileLandTimestamp, record))).toEqual({
        fileLandTimestamp,
        record,
      });
    }),
  );
});

test.each(['file_land_timestamp=1/other.json', 'file_land_timestamp=x/manifest.json', 'manifest.json', ''])(
  'deliveries/%s is no delivery’s record',
  (name) => {
    expect(parseDeliveryRecordKey(FOLDERS, deliveriesPrefix(FOLDERS) + name)).toBeUndefined();
  },
);
