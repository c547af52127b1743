import fc from 'fast-check';
import { findLengthProblem, parseLandKey } from '../../src/layout/land-key';
import { toDataFolderName, toFolderName } from '../../src/layout/names';
import {
  archiveKey,
  curatedPartKey,
  deletedKeysKey,
  parseSnapshotKey,
  pipelinePrefix,
  processedKey,
  snapshotPrefix,
  splitFileName,
} from '../../src/layout/object-keys';
import { FOLDERS, fileNames, timestamps } from './arbitraries';

const LONGEST_S3_KEY_BYTES = 1024;
const inMyTable = (fileName: string, fileLandTimestamp = 1534968800) => ({
  tableFolder: 'my-table-data',
  fileName,
  fileLandTimestamp,
});

describe('the specification’s tree', () => {
  test('raw-hist and raw', () => {
    expect(archiveKey(FOLDERS, inMyTable('data.csv'))).toBe(
      'production-environment/my-database-data/my-table-data/file_land_timestamp=1534968800/data_1534968800.csv',
    );
    expect(archiveKey(FOLDERS, inMyTable('data.csv', 1534978800))).toBe(
      'production-environment/my-database-data/my-table-data/file_land_timestamp=1534978800/data_1534978800.csv',
    );
  });

  test('processed', () => {
    expect(processedKey(FOLDERS, inMyTable('data.csv', 1534978800))).toBe(
      'production-environment/my-database-data/my-table-data/file_land_timestamp=1534978800/data_1534978800.jsonl.gz',
    );
  });

  test('curated: a folder a table, named as the table is', () => {
    expect(snapshotPrefix(FOLDERS, 'my_table', '0123abcd')).toBe(
      'production-environment/my-database/my_table/snapshot=0123abcd/',
    );
  });

  test('the folders of my_database and my_table', () => {
    expect([
      toFolderName('my_database'),
      toDataFolderName('my_database'),
      toDataFolderName('my_table'),
    ]).toEqual(['my-database', 'my-database-data', 'my-table-data']);
    expect(pipelinePrefix(FOLDERS)).toBe('production-environment/my-database-data/');
  });

  test('a name that has the suffix already is kept as it is', () => {
    expect(archiveKey(FOLDERS, inMyTable('data_1534968800.csv'))).toMatch(/\/data_1534968800\.csv$/);
    expect(processedKey(FOLDERS, inMyTable('data_1534968800.csv'))).toMatch(/\/data_1534968800\.jsonl\.gz$/);
  });

  test('another delivery’s suffix is part of the name', () => {
    expect(archiveKey(FOLDERS, inMyTable('data_1534968800.csv', 1534978800))).toMatch(
      /\/data_1534968800_1534978800\.csv$/,
    );
  });
});

test.each([
  ['data.csv', 'data', '.csv'],
  ['data.csv.gz', 'data', '.csv.gz'],
  ['data.v2.csv.gz', 'data.v2', '.csv.gz'],
  ['DATA.CSV.GZ', 'DATA', '.CSV.GZ'],
  ['data.gz', 'data', '.gz'],
  ['data', 'data', ''],
  ['data.', 'data.', ''],
  ['report 31.12.2024', 'report 31.12', '.2024'],
])('%s is %s and %s', (fileName, stem, ending) => {
  expect(splitFileName(fileName)).toEqual([stem, ending]);
});

test('taking a name apart loses nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (fileName) => {
      expect(splitFileName(fileName).join('')).toBe(fileName);
    }),
  );
});

test('what is archived and landed again is archived under the same key', () => {
  fc.assert(
    fc.property(fileNames, timestamps, (fileName, fileLandTimestamp) => {
      const key = archiveKey(FOLDERS, inMyTable(fileName, fileLandTimestamp));
      const landed = parseLandKey(pipelinePrefix(FOLDERS), key);

      expect(landed).toMatchObject({ tableFolder: 'my-table-data', carriedTimestamp: fileLandTimestamp });
      expect(archiveKey(FOLDERS, inMyTable(landed?.fileName ?? '', fileLandTimestamp))).toBe(key);
    }),
  );
});

test('different files of a delivery have different keys in raw-hist, unless one has the other’s suffix', () => {
  fc.assert(
    fc.property(fileNames, fileNames, timestamps, (one, other, fileLandTimestamp) => {
      fc.pre(one !== other && ![one, other].some((name) => name.includes(`_${fileLandTimestamp}`)));

      expect(archiveKey(FOLDERS, inMyTable(one, fileLandTimestamp))).not.toBe(
        archiveKey(FOLDERS, inMyTable(other, fileLandTimestamp)),
      );
    }),
  );
});

test('what may land has keys that Athena sees, in every area', () => {
  fc.assert(
    fc.property(fileNames, timestamps, (fileName, fileLandTimestamp) => {
      const file = inMyTable(fileName, fileLandTimestamp);

      for (const key of [archiveKey(FOLDERS, file), processedKey(FOLDERS, file)])
        expect(key.split('/').filter((name) => /^([_.]|$)/.test(name))).toEqual([]);
    }),
  );
});

test('how long a name may be follows from the keys that it becomes, counted in bytes', () => {
  const keysOf = (fileName: string): string[] => [
    archiveKey(FOLDERS, inMyTable(fileName)),
    processedKey(FOLDERS, inMyTable(fileName)),
  ];
  const room = LONGEST_S3_KEY_BYTES - Buffer.byteLength(processedKey(FOLDERS, inMyTable('')));
  const longest = 'ü'.repeat(Math.floor(room / 2));

  expect(findLengthProblem(keysOf(`${longest}.csv`))).toBeUndefined();
  expect(findLengthProblem(keysOf(`${longest}ü.csv`))).toMatch(
    /^with partition and suffix it would be 102[56] bytes long, and S3 takes 1024$/,
  );
});

test('deleted keys are of their snapshot, and not below the location of its table', () => {
  const part = curatedPartKey(FOLDERS, 'my_table', '0123456789abcdef', 1);
  const key = deletedKeysKey(part);
  expect(key).toBe(
    'production-environment/my-database/my_table/_deleted/snapshot=0123456789abcdef/data-part-1.parquet',
  );
  expect(key.startsWith(snapshotPrefix(FOLDERS, 'my_table', '0123456789abcdef'))).toBe(false);
  for (const each of [part, key])
    expect(parseSnapshotKey(FOLDERS, each)).toEqual({ table: 'my_table', snapshot: '0123456789abcdef' });
});
