import type { RunResult } from '../layout/delivery';
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
  if (json) {
    printJson(result);
    return;
  }
  const { fileLandTimestamp, database, version, tables, report } = result;
  const rows = tables.map(({ table, files, landed, processed, rejected, addedByTransform, published }) => [
    ...[table, files, landed, processed, rejected, addedByTransform, published],
  ]);
  printAnswer(`Delivery ${fileLandTimestamp} is published to database ${database} (version ${version}).`);
  printAnswer(formatTable(HEAD, rows));
  printAnswer(`Report: ${report}`);
}
