import type { Finding } from '../../src/checks/finding';
import { column } from '../../src/definition/column';
import { definePipeline } from '../../src/definition/define-pipeline';
import { table } from '../../src/definition/table';
import { ReportBuilder, type FileCheck } from '../../src/report/build-report';
import type { ValidationReport } from '../../src/report/validation-report';

export const PIPELINE = definePipeline({
  name: 'cases',
  database: 'cases',
  environment: 'test',
  areas: { land: 'land', rawHist: 'raw-hist', processed: 'processed', curated: 'curated', log: 'log' },
  tables: {
    orders: table({ columns: { id: column.int64(), name: column.string() }, primaryKey: ['id'] }),
    notes: table({ files: { required: false }, columns: { text: column.string() } }),
  },
});

export const finding = (changes: Partial<Finding>): Finding => ({
  code: 'type',
  column: 'id',
  expected: 'a whole number',
  count: 1,
  samples: [{ row: 1, line: 2, value: 'banana' }],
  ...changes,
});

export const fileCheck = (changes: Partial<FileCheck>): FileCheck => ({
  table: 'orders',
  file: 'land/orders-data/data.csv',
  bytes: 10,
  sha256: 'a'.repeat(64),
  rows: 4,
  findings: [],
  moreFindings: 0,
  ...changes,
});

export function reportOn(files: readonly FileCheck[], findings: readonly Finding[] = []): ValidationReport {
  const builder = new ReportBuilder(PIPELINE);
  builder.addFindings(findings);
  for (const file of files) builder.addFile(file);
  return builder.finish({ fileLandTimestamp: 1534968800, version: 'v1.2.3' });
}
