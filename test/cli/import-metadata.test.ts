import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLandfall } from '../support/run-landfall';

const METADATA = {
  name: 'my_cases',
  columns: [{ name: 'Case ID', type: 'int64', nullable: false, colour: 1 }],
};
const TYPESCRIPT = `import { column, table } from 'landfall';

/** Table my_cases, imported from mojap-metadata. */
export const myCasesTable = table({
  columns: {
    case_id: column.int64({ header: 'Case ID' }),
  },
});
`;

let folder: string;
let json: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landfall-test-'));
  json = join(folder, 'cases.json');
  writeFileSync(json, JSON.stringify(METADATA));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('landfall import-metadata', () => {
  test('prints the table, and on standard error what it left out and how to use it', async () => {
    const { code, stdout, stderr } = await runLandfall(['import-metadata', json]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: TYPESCRIPT });
    expect(stderr).toBe(
      'Warning: column "Case ID": the key "colour" is not one of mojap-metadata\'s, and is left out.\n' +
        'Use it in a pipeline: tables: { my_cases: myCasesTable }\n',
    );
  });

  test('writes a file, and replaces none unless it is told to', async () => {
    const file = join(folder, 'table.ts');
    expect((await runLandfall(['import-metadata', json, '-o', file])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(TYPESCRIPT);
    writeFileSync(file, 'mine');
    const again = await runLandfall(['import-metadata', json, '-o', file]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('is there already');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await runLandfall(['import-metadata', json, '-o', file, '--force'])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(TYPESCRIPT);
  });

  test('--json answers in one line', async () => {
    const { stdout } = await runLandfall(['import-metadata', json, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      table: 'my_cases',
      identifier: 'myCasesTable',
      typescript: TYPESCRIPT,
      warnings: [expect.stringContaining('colour')],
    });
  });

  test.each([
    [
      'a type that Glue does not have',
      '{"name":"t","columns":[{"name":"a","type":"uint64"}]}',
      'column "a" has the type uint64',
    ],
    ['what is no JSON', '{', 'is no JSON'],
  ])('%s is bad input, and writes nothing', async (_what, body, words) => {
    writeFileSync(json, body);
    const file = join(folder, 'table.ts');
    const { code, stderr } = await runLandfall(['import-metadata', json, '-o', file]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(existsSync(file)).toBe(false);
    expect((await runLandfall(['import-metadata', join(folder, 'none.json')])).stderr).toContain(
      'cannot be read',
    );
  });
});
