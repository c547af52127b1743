import { mkdirSync, openSync, closeSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ValidationReport } from '../../src/report/validation-report';
import { runLandfall } from '../support/run-landfall';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';

/** Elsewhere a CSV of 110 MiB took 679 MiB of memory, and a limit of 100 rows did not lower it. */
const FILE_BYTES = 110 * 1024 * 1024;
const MOST_MEBIBYTES = 384;
const table = (rest: string): string => `orders: table({
    columns: { id: column.int64(), note: column.string(), day: column.date(), price: column.decimal(12, 2) },
    primaryKey: ['id'], ${rest}
  }),`;

const folder = join(tmpdir(), `landfall-fault-17-${process.pid}`);
const file = join(folder, 'orders-data', 'data.csv');
const peak = join(folder, 'peak.cjs');
let pipeline: TestPipeline;
let rows = 0;

beforeAll(async () => {
  pipeline = await createTestPipeline({ tables: table('') });
  mkdirSync(join(folder, 'orders-data'), { recursive: true });
  const out = openSync(file, 'w');
  let bytes = writeSync(out, 'id,note,day,price\n');
  while (bytes < FILE_BYTES) {
    const lines = Array.from({ length: 10_000 }, () => {
      rows += 1;
      return `${rows},"a note, of some ""length"" and nothing to say ${rows * 7919}",2024-02-29,${rows % 1000}.25\n`;
    });
    bytes += writeSync(out, lines.join(''));
  }
  closeSync(out);
  // What the system says of the process itself: children inherit the peak of whoever started them in `getrusage`.
  writeFileSync(
    peak,
    `if (require('node:worker_threads').isMainThread)
      process.on('exit', () => process.stderr.write(require('node:fs').readFileSync('/proc/self/status', 'utf8')));`,
  );
});
afterAll(() => {
  pipeline.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function validate(): Promise<{ code: number | null; report: ValidationReport; mebibytes: number }> {
  const { code, stdout, stderr } = await runLandfall(['validate', pipeline.module, file, '--json'], {
    ...process.env,
    NODE_OPTIONS: `--require ${peak}`,
  });
  const kibibytes = Number(/^VmHWM:\s+(\d+) kB/m.exec(stderr)?.[1]);
  return { code, report: JSON.parse(stdout) as ValidationReport, mebibytes: kibibytes / 1024 };
}

test('fault 17: a CSV of 110 MiB with a key is checked in less memory than it takes to hold it twice', async () => {
  const { code, report, mebibytes } = await validate();
  expect([code, report.totals.rows]).toEqual([0, rows]);
  expect(mebibytes).toBeLessThan(MOST_MEBIBYTES);
}, 120_000);

test('nor does it take more where the table allows a hundred rows, and every row is counted', async () => {
  pipeline.release({ tables: table('rows: { max: 100 },') });
  const { code, report, mebibytes } = await validate();
  expect([code, report.failed]).toMatchObject([3, [{ code: 'too-many-rows' }]]);
  expect(report.failed[0]?.first.received).toBe(String(rows));
  expect(mebibytes).toBeLessThan(MOST_MEBIBYTES);
}, 120_000);
