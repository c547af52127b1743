import { findKeyProblem, isFolderMarker, parseLandKey } from '../../src/layout/land-key';

const PREFIX = 'production-environment/my-database-data/';

test('a landed file is taken apart', () => {
  expect(parseLandKey(PREFIX, `${PREFIX}my-table-data/data.csv`)).toEqual({
    tableFolder: 'my-table-data',
    fileName: 'data.csv',
    carriedTimestamp: undefined,
  });
});

test('a partition that the key carries is read', () => {
  expect(
    parseLandKey(PREFIX, `${PREFIX}my-table-data/file_land_timestamp=1534968800/data_1534968800.csv`),
  ).toEqual({
    tableFolder: 'my-table-data',
    fileName: 'data_1534968800.csv',
    carriedTimestamp: 1534968800,
  });
});

test.each([
  ['of another pipeline', 'production-environment/other-data/my-table-data/data.csv'],
  ['of another environment', 'test-environment/my-database-data/my-table-data/data.csv'],
  ['without table folder', `${PREFIX}data.csv`],
  ['with no name', `${PREFIX}my-table-data/`],
  ['with no name in the partition', `${PREFIX}my-table-data/file_land_timestamp=1534968800/`],
  ['in a folder of another name', `${PREFIX}my-table-data/day=2024-01-01/data.csv`],
  ['with a timestamp of milliseconds', `${PREFIX}my-table-data/file_land_timestamp=1534968800000/data.csv`],
  [
    'with a timestamp that has leading zeros',
    `${PREFIX}my-table-data/file_land_timestamp=0034968800/data.csv`,
  ],
  ['with a negative timestamp', `${PREFIX}my-table-data/file_land_timestamp=-1/data.csv`],
  ['deeper than a partition', `${PREFIX}my-table-data/file_land_timestamp=1534968800/more/data.csv`],
])('a key %s has not the specification’s form', (_what, key) => {
  expect(parseLandKey(PREFIX, key)).toBeUndefined();
});

const UNSEEN = 'it has characters that nobody sees, or that turn the direction of writing';

test.each([
  ['hidden', 'a/.data.csv', '".data.csv" begins with ".", and Athena would not see it'],
  ['hidden by Athena', 'a/_data.csv', '"_data.csv" begins with "_", and Athena would not see it'],
  ['in a hidden folder', '_tmp/data.csv', '"_tmp" begins with "_", and Athena would not see it'],
  ['that walks up', 'a/../data.csv', '".." begins with ".", and Athena would not see it'],
  ['with an empty folder', 'a//data.csv', 'it has an empty folder or file name'],
  ['with a line break', 'a/da\nta.csv', 'it has control or undecodable characters'],
  ['with a C1 control', 'a/da\u0085ta.csv', 'it has control or undecodable characters'],
  ['that could not be decoded', 'a/da\ufffdta.csv', 'it has control or undecodable characters'],
  [
    'too long for the metadata of its copies',
    `a/${'ü'.repeat(300)}`,
    'it is longer than 1600 characters once encoded (as %C3%BC)',
  ],
  ['with a zero-width space', 'a/da\u200bta.csv', UNSEEN],
  ['with a byte order mark', 'a/\ufeffdata.csv', UNSEEN],
  ['with a soft hyphen', 'a/da\u00adta.csv', UNSEEN],
  ['that reads backwards: data…csv.exe', 'a/data\u202excsv.exe', UNSEEN],
])('a key %s cannot be kept', (_what, key, problem) => {
  expect(findKeyProblem(key)).toBe(problem);
});

test.each(['a/data.csv', 'a/Übersicht 2024 (final), 2.csv', 'a/data_.csv', 'a/data..csv', 'a=b/c+d%20e.csv'])(
  '%s can be kept',
  (key) => {
    expect(findKeyProblem(key)).toBeUndefined();
  },
);

test('an empty object that stands for a folder is no delivery; an empty file is', () => {
  expect(isFolderMarker({ key: 'a/b/', size: 0 })).toBe(true);
  expect(isFolderMarker({ key: 'a/b.csv', size: 0 })).toBe(false);
  expect(isFolderMarker({ key: 'a/b/', size: 1 })).toBe(false);
});
