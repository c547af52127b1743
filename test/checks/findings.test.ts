import { collectFindings } from '../../src/checks/collect-findings';
import { describeFinding } from '../../src/checks/describe-finding';

const collect = () => collectFindings('cases', 'land/cases.csv');

describe('collect-findings', () => {
  it('makes one finding of each column and code, with all rows counted and the first five shown', () => {
    const findings = collect();
    for (const row of [9, 2, 3, 4, 5, 6, 1])
      findings.addToRow({ code: 'type', column: 'id', row, line: row + 1, value: `v${row}` });
    findings.addToRow({ code: 'null', column: 'id', row: 8, line: 9 });
    const [type, empty] = findings.list();
    expect(type).toMatchObject({
      code: 'type',
      table: 'cases',
      file: 'land/cases.csv',
      column: 'id',
      count: 7,
    });
    expect(type?.samples.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5]);
    expect(empty).toMatchObject({ code: 'null', count: 1, samples: [{ row: 8, line: 9 }] });
  });

  it('never keeps a value of a sensitive column', () => {
    const findings = collect();
    findings.addToRow({ code: 'type', column: 'id', row: 1, line: 2, value: 'secret', sensitive: true });
    expect(JSON.stringify(findings.list())).not.toContain('secret');
  });

  it('is bounded, whatever names a file makes up', () => {
    const findings = collect();
    for (let row = 1; row <= 10_000; row += 1)
      findings.addToRow({ code: 'unknown-column', column: `key-${row}`, row, line: row });
    expect(findings.size).toBe(101);
    expect(findings.list().reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
  });
});

describe('describe-finding', () => {
  it('names file, column, rows, share, what was expected and the first values', () => {
    const words = describeFinding(
      {
        code: 'type',
        table: 'cases',
        file: 'land/cases.csv',
        column: 'amount',
        expected: 'a number',
        count: 1200,
        samples: [
          { row: 3, line: 4, value: 'banana' },
          { row: 7, line: 9 },
        ],
      },
      48_000,
    );
    expect(words).toBe(
      'land/cases.csv, column amount: 1,200 rows (2.5 %) not as declared, expected a number: row 3 (line 4) "banana", row 7 (line 9).',
    );
  });

  it('has words for what concerns the whole file', () => {
    const file = { table: 'cases', file: 'land/cases.csv.gz', count: 1, samples: [] };
    expect(
      describeFinding({ ...file, code: 'missing-column', column: 'id', expected: '"id" in the header' }),
    ).toBe('land/cases.csv.gz lacks column "id" ("id" in the header).');
    expect(describeFinding({ ...file, code: 'too-few-rows', expected: 'at least 1', received: '0' })).toBe(
      'land/cases.csv.gz has too few rows: 0, expected at least 1.',
    );
    expect(describeFinding({ table: 'cases', count: 1, samples: [], code: 'missing-table' })).toBe(
      'Table cases has no file in the delivery, and needs one.',
    );
  });
});
