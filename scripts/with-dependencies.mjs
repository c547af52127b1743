// Runs a command in a clone that may be bare: installs the dependencies and builds first, where that is due.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeMajor = Number(process.versions.node.split('.')[0]);

if (nodeMajor < OLDEST_NODE) {
  fail(
    `Landfall needs Node ${OLDEST_NODE} or newer, and this is ${process.version}. Install Node 24, then try again.`,
  );
}
const [command, ...commandArguments] = process.argv.slice(2);
if (command === undefined) fail('Usage: node scripts/with-dependencies.mjs <command> [arguments]');

doOnce({
  stamp: join(root, 'node_modules', '.landfall-stamp'),
  fingerprint: fingerprint(['package-lock.json'], [nodeMajor, process.platform, process.arch].join(' ')),
  saying: 'Installing the dependencies (npm ci); the first time takes a minute or two ...',
  run: ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
});
doOnce({
  stamp: join(root, 'dist', '.landfall-stamp'),
  fingerprint: fingerprint([
    ...filesOf('src'),
    'tsconfig.json',
    'package-lock.json',
    join('scripts', 'build.mjs'),
  ]),
  saying: 'Building ...',
  run: ['run', 'build', '--silent'],
});
handOverTo(command, commandArguments);

function doOnce({ stamp, fingerprint: wanted, saying, run }) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  // Gone before the work begins: a killed attempt never counts as done.
  rmSync(stamp, { force: true });
  console.error(saying);
  const done = spawnSync('npm', run, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (done.error) fail(`npm cannot be run (${done.error.message}). Install it beside Node, then try again.`);
  if (done.status !== 0) {
    process.stderr.write(`${done.stdout}${done.stderr}`);
    fail(`"npm ${run.join(' ')}" failed; what it said is above. Nothing was started.`);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

function fingerprint(files, ...others) {
  const hash = createHash('sha256').update(others.join('\n'));
  for (const file of files) hash.update(`\n${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function filesOf(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();
}

function handOverTo(name, args) {
  const child = spawn(name, args, { stdio: 'inherit', cwd: root });
  // A terminal sends Ctrl-C to both; it is the child's to answer, and its exit code that counts.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${name} cannot be run: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
