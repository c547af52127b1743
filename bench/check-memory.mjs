// How much memory it takes to check a CSV file of a given size: `node bench/check-memory.mjs [--mb 2000] [--bound 512]`.
// Writes the file, checks it with `landfall validate` in a process of its own, and ends with exit code 1 when the largest
// resident size of that process, as the system counted it, is beyond the bound (MiB).
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { clearInterval } from 'node:timers';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const LOOK_EVERY_MS = 50;
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const { values } = parseArgs({
  options: { mb: { type: 'string', default: '2000' }, bound: { type: 'string', default: '512' } },
});
const megabytes = Number(values.mb);
const bound = Number(values.bound);
if (!(megabytes > 0 && bound > 0)) throw new Error('--mb and --bound are numbers above 0');

const MODULE = `import { column, definePipeline, table } from 'landfall';
export default definePipeline({
  name: 'bench', database: 'bench', environment: 'bench',
  areas: { land: 'land', rawHist: 'raw-hist', processed: 'processed', curated: 'curated', log: 'log' },
  tables: { rows: table({
    columns: {
      id: column.int64(),
      code: column.string({ pattern: /[A-Z]{2}\\d{6}/ }),
      court: column.oneOf(['crown', 'county', 'magistrates']),
      received: column.date({ format: '%d/%m/%Y', min: '2000-01-01' }),
      fee: column.decimal(8, 2, { min: '0' }).nullable(),
      text: column.string().max(200).nullable(),
      paid: column.boolean(),
    },
    primaryKey: ['id'],
  }) },
});
`;

async function writeCsv(file) {
  const out = createWriteStream(file);
  out.write('id,code,court,received,fee,text,paid\n');
  let row = 0;
  for (let bytes = 0; bytes < megabytes * 1e6;) {
    let block = '';
    for (let line = 0; line < 5_000; line += 1, row += 1) {
      const digits = String(row % 1_000_000).padStart(6, '0');
      // Keys in no order, each once: the primary key's index must hold them all.
      const id = (BigInt(row) * 2654435761n) % 4611686018427387847n;
      const day = String((row % 28) + 1).padStart(2, '0');
      block += `${id},AB${digits},county,${day}/02/2024,${row % 7 === 0 ? '' : `${row % 9999}.50`},"text ${digits}, quoted",true\n`;
    }
    bytes += block.length;
    if (!out.write(block)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return row;
}

/** In MiB; what the system has counted up to now. */
function largestResidentSize(pid) {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'landfall-bench-'));
try {
  const module = join(folder, 'pipeline.ts');
  const file = join(folder, 'rows.csv');
  writeFileSync(module, MODULE);
  const rows = await writeCsv(file);
  const { size } = statSync(file);
  const began = Date.now();
  const command = [join(ROOT, 'bin', 'landfall.js'), 'validate', module, file, '--table', 'rows', '--json'];
  const check = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  let answer = '';
  check.stdout.on('data', (chunk) => (answer += String(chunk)));
  let peak = 0;
  const looking = setInterval(() => (peak = Math.max(peak, largestResidentSize(check.pid))), LOOK_EVERY_MS);
  const [code] = await once(check, 'close');
  clearInterval(looking);
  const seconds = (Date.now() - began) / 1000;
  const { verdict, totals } = JSON.parse(answer);
  if (code !== 0 || verdict !== 'passed' || totals.rows !== rows || totals.bytes !== size)
    throw new Error(
      `it should have passed ${rows} rows of ${size} bytes: exit code ${code}, ${answer.slice(0, 500)}`,
    );
  if (peak === 0) throw new Error('there is no /proc here that tells how much memory a process has used');
  const isWithin = peak <= bound;
  console.log(
    `${(size / 1e6).toFixed(0)} MB, ${rows} rows, ${seconds.toFixed(1)} s, ${(size / 1e6 / seconds).toFixed(0)} MB/s, ` +
      `peak ${peak.toFixed(0)} MiB resident: ${isWithin ? 'within' : 'BEYOND'} ${bound} MiB`,
  );
  if (!isWithin) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
