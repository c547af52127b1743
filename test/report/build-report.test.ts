import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { z } from 'zod';
import { validationReportSchema } from '../../src/report/validation-report';
import { REPOSITORY } from '../support/test-pipeline';
import { fileCheck, finding, reportOn } from './reported';

const SCHEMA_FILE = join(REPOSITORY, 'docs', 'validation-report.schema.json');
const EXAMPLE = reportOn(
  [
    fileCheck({}),
    fileCheck({ file: 'b.csv', findings: [finding({ count: 3 }), finding({ code: 'duplicate-key' })] }),
  ],
  [{ code: 'unknown-file', file: 'z.csv', count: 1, samples: [] }],
);

describe('a report', () => {
  it('says of each file how many checks passed, failed and were not run', () => {
    const { files, tables } = reportOn([
      fileCheck({}),
      fileCheck({ file: 'bad', findings: [finding({}), finding({ column: 'name' })] }),
      fileCheck({ file: 'empty', rows: 0, findings: [{ code: 'empty-file', count: 1, samples: [] }] }),
      fileCheck({
        file: 'no-name-column',
        findings: [{ code: 'missing-column', column: 'name', count: 1, samples: [] }],
      }),
    ]);
    const all = tables[0]?.checks.length ?? 0;
    expect(all).toBe(21);
    expect(files.map(({ checks }) => checks)).toEqual([
      { passed: all, failed: 0, notRun: 0 },
      { passed: all - 2, failed: 2, notRun: 0 },
      { passed: 1, failed: 1, notRun: all - 2 },
      // Neither the type of a column that is not there nor whether it is null.
      { passed: all - 3, failed: 1, notRun: 2 },
    ]);
    expect(tables[0]).toMatchObject({ files: 4, failedFiles: 3, rows: 12, bytes: 40 });
  });

  it('counts a check that failed in many files once, with the rows, the share and the first of them', () => {
    const { failed, totals, tables, verdict } = reportOn([
      fileCheck({}),
      fileCheck({ file: 'land/a.csv', findings: [finding({ count: 2 })] }),
      fileCheck({ file: 'land/b.csv', findings: [finding({ count: 1 })] }),
    ]);
    expect(verdict).toBe('refused');
    expect(totals).toEqual({ files: 3, failedFiles: 2, rows: 12, bytes: 30, findings: 2 });
    expect(failed).toEqual([
      {
        code: 'type',
        column: 'id',
        of: 'value',
        title: 'type',
        expected: 'a whole number',
        table: 'orders',
        files: 2,
        rows: 3,
        share: 0.25,
        first: { file: 'land/a.csv', sample: { row: 1, line: 2, value: 'banana' } },
      },
    ]);
    const type = tables[0]?.checks.find(({ code, column }) => code === 'type' && column === 'id');
    expect(type?.failedFiles).toBe(2);
  });

  it('gives findings their share, and all names that files make up one check', () => {
    const unknown = (column: string, place: number) =>
      finding({ code: 'unknown-column', column, samples: [], received: `column ${place}` });
    const { findings, failed } = reportOn([
      fileCheck({ findings: [finding({ count: 3 }), unknown('x', 1), unknown('y', 2)] }),
    ]);
    expect(findings[0]?.share).toBe(0.75);
    expect(failed[1]).toMatchObject({
      code: 'unknown-column',
      files: 2,
      first: { received: '"x" (column 1)' },
    });
    expect(failed[1]).not.toHaveProperty('column');
    expect(failed).toHaveLength(2);
  });

  it('of a passed delivery has every check too, and no finding', () => {
    const report = reportOn([fileCheck({})]);
    expect(report).toMatchObject({ verdict: 'passed', failed: [], findings: [], moreFindings: 0 });
    expect(report.tables.map(({ table, files }) => [table, files])).toEqual([
      ['orders', 1],
      ['notes', 0],
    ]);
  });

  it('is bounded: of ten thousand bad files it has all counts, some findings, and an example of every check', () => {
    const value = 'x'.repeat(200);
    const samples = [1, 2, 3, 4, 5].map((row) => ({ row, line: row, value }));
    const bad = Array.from({ length: 20 }, (_, index) => finding({ column: `column ${index}`, samples }));
    const files = Array.from({ length: 10_000 }, (_, index) =>
      fileCheck({ file: `land/orders-data/${index}.csv`, findings: bad, moreFindings: 7 }),
    );
    files.push(fileCheck({ file: 'last.csv', findings: [finding({ code: 'duplicate-key' })] }));
    const report = reportOn(files);
    expect(report.totals).toMatchObject({ files: 10_001, failedFiles: 10_001, findings: 270_001 });
    expect(report.findings.length + report.moreFindings).toBe(270_001);
    expect(report.findings.at(-1)?.code).toBe('duplicate-key');
    expect(report.failed.map(({ files: count }) => count)).toEqual([...bad.map(() => 10_000), 1]);
    expect(Buffer.byteLength(JSON.stringify(report))).toBeLessThan(10_000_000);
  });
});

it('counts rejected rows beyond the bound, and keeps them apart from what failed', () => {
  const tolerated = Array.from({ length: 30 }, (_, index) => finding({ column: `column ${index}` }));
  const files = Array.from({ length: 100 }, (_, index) =>
    fileCheck({ file: `${index}.csv`, rejected: 2, tolerated, moreTolerated: 3 }),
  );
  const { verdict, totals, failed, rejects } = reportOn(files);
  expect([verdict, totals.findings, failed]).toEqual(['passed', 0, []]);
  expect([rejects?.rows, rejects?.checks.length, rejects?.checks[0]?.rows]).toEqual([200, 30, 100]);
  expect([rejects?.findings.length, rejects?.moreFindings]).toEqual([2_000, 1_300]);
});

describe('docs/validation-report.schema.json', () => {
  const written = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')) as object;

  it('is the schema that the code has', () => {
    expect(written).toEqual(z.toJSONSchema(validationReportSchema));
  });

  it('takes reports, and nothing else', () => {
    const isReport = new Ajv2020({ strict: false }).compile(written);
    expect(isReport(EXAMPLE) || isReport.errors).toBe(true);
    expect(isReport({ ...EXAMPLE, verdict: 'maybe' })).toBe(false);
    expect(isReport({ ...EXAMPLE, more: 1 })).toBe(false);
  });
});
