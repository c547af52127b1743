import { findClaimingTables } from '../../src/layout/assign-tables';

const cases = { name: 'cases', folder: 'cases-data', fileName: undefined, endings: ['.csv'] };
const events = { name: 'events', folder: 'events-data', fileName: undefined, endings: ['.jsonl', '.ndjson'] };
const january = { name: 'january', folder: 'months-data', fileName: /^jan\.csv$/, endings: ['.csv'] };
const anyMonth = { name: 'any_month', folder: 'months-data', fileName: /^\w+\.csv$/, endings: ['.csv'] };
const TABLES = [cases, events, january, anyMonth];
const claiming = (folder: string, fileName: string) =>
  findClaimingTables(TABLES, folder, fileName).map(({ name }) => name);

test.each([
  ['cases-data', 'data.csv', ['cases']],
  ['cases-data', 'data.csv.gz', ['cases']],
  ['cases-data', 'DATA.CSV.GZ', ['cases']],
  ['events-data', 'a.ndjson', ['events']],
  ['months-data', 'feb.csv', ['any_month']],
])('%s/%s is claimed by %p', (folder, fileName, tables) => {
  expect(claiming(folder, fileName)).toEqual(tables);
});

test.each([
  ['of another format', 'cases-data', 'data.jsonl'],
  ['in a folder that nobody knows', 'other-data', 'data.csv'],
  ['in the folder of another format', 'events-data', 'data.csv'],
  ['whose name the table’s pattern does not know', 'months-data', 'feb.csv.gz'],
  ['with an ending that only looks like one', 'cases-data', 'data.csv.exe'],
])('a file %s is claimed by none', (_what, folder, fileName) => {
  expect(claiming(folder, fileName)).toEqual([]);
});

test('a file that two tables claim is told of both', () => {
  expect(claiming('months-data', 'jan.csv')).toEqual(['january', 'any_month']);
});
