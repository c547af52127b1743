import { plural } from '../checks/numbers';
import type { RunResult } from '../layout/delivery';
import { EXIT_CODES } from './exit-code';
import { formatTable, printAnswer, printJson } from './print';

const HEAD = [
  'table',
  'files',
  'rows landed',
  'processed',
  'rejected',
  'added by transform',
  'in the table now',
];

export function printResult(result: RunResult, json: boolean): void {
  const { leftOut } = result;
  if (leftOut) process.exitCode = EXIT_CODES.refused;
  if (json) {
    printJson(result);
    return;
  }
  const { fileLandTimestamp, database, version, tables, derived = [], report, validation } = result;
  const rows = tables.map(({ table, files, landed, processed, rejected, addedByTransform, published }) => [
    ...[table, files, landed, processed, rejected, addedByTransform, published],
  ]);
  printAnswer(`Delivery ${fileLandTimestamp} is published to database ${database} (version ${version}).`);
  printAnswer(formatTable(HEAD, rows));
  for (const { table, counters = {}, moreCounters = 0 } of tables) {
    const counted = Object.entries(counters).map(([name, count]) => `${name} ${count}`);
    if (moreCounters > 0) counted.push(`and ${moreCounters} more in the report`);
    if (counted.length > 0) printAnswer(`Counted by the transform of ${table}: ${counted.join(', ')}`);
  }
  for (const { table, published, merged } of tables) {
    if (!merged) continue;
    const count = (rows: number): string => rows.toLocaleString('en-GB');
    printAnswer(
      `Rows of ${table} in processed: ${count(merged.processed)}, of which ${count(published)} are in the table, ${count(merged.superseded)} superseded by a later row of their key, ${count(merged.deleted)} deletions`,
    );
  }
  for (const { table, rows: count } of derived)
    printAnswer(`Derived by SQL: ${table}, ${plural(count, 'row')} in the table now`);
  if (leftOut) {
    printAnswer(
      `Refused and left in land, as the next delivery: ${leftOut.tables.join(', ')} (${leftOut.files} ${leftOut.files === 1 ? 'file' : 'files'}). What is wrong: ${leftOut.page}`,
    );
  }
  if (tables.some(({ rejected }) => rejected > 0))
    printAnswer(`Which rows were rejected, and why: ${validation}`);
  printAnswer(`Report: ${report}`);
  printAnswer(`Validation: ${validation}`);
}
