import fc from 'fast-check';
import { noteArchiveKey, splitPartition } from '../../src/layout/delivery-notes';
import { FOLDERS, timestamps } from './arbitraries';

const FOLDER = 'production-environment/my-database-data/delivery-notes/file_land_timestamp=1534968800';

test.each([
  ['DONE', 'DONE_1534968800'],
  ['manifest.json', 'manifest_1534968800.json'],
  ['_SUCCESS', 'SUCCESS_1534968800'],
  ['orders-data/_SUCCESS', 'orders-data-SUCCESS_1534968800'],
  ['file_land_timestamp=1534968800/DONE_1534968800', 'DONE_1534968800'],
  ['._', 'note_1534968800'],
])('%s is archived as %s', (path, fileName) => {
  expect(noteArchiveKey(FOLDERS, path, 1_534_968_800)).toBe(`${FOLDER}/${fileName}`);
});

test('no note is archived under a name that Athena would not see, wherever it lay', () => {
  const names = fc.string({ minLength: 1, unit: fc.constantFrom('_', '.', 'a', '-', ' ', '1') });
  fc.assert(
    fc.property(fc.array(names, { minLength: 1, maxLength: 2 }), timestamps, (path, timestamp) => {
      const key = noteArchiveKey(FOLDERS, path.join('/'), timestamp);
      expect(key.split('/').filter((name) => /^([_.]|$)/.test(name))).toEqual([]);
      expect(key.split('/')).toHaveLength(5);
    }),
  );
});

test.each([
  ['DONE', 'DONE', undefined],
  ['file_land_timestamp=1534968800/DONE', 'DONE', 1_534_968_800],
  ['orders-data/file_land_timestamp=1534968800/DONE', 'orders-data/DONE', 1_534_968_800],
  ['orders-data/file_land_timestamp=01/DONE', 'orders-data/file_land_timestamp=01/DONE', undefined],
  [
    'file_land_timestamp=1534968800/orders-data/DONE',
    'file_land_timestamp=1534968800/orders-data/DONE',
    undefined,
  ],
])('%s is %s, carrying %p', (key, path, carriedTimestamp) => {
  expect(splitPartition(key)).toEqual({ path, carriedTimestamp });
});
