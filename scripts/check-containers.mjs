// Checks Dockerfile and docker-compose.yml with what needs no Docker engine: hadolint, and the schema of the Compose
// specification. Both are installed, pinned by hash, into the user's cache on first use; without them this fails.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const requirements = join(root, 'scripts', 'check-containers.requirements.txt');

try {
  const checkers = findOrInstallCheckers();
  const results = [
    check('Dockerfile', join(checkers, 'bin', 'hadolint'), ['--no-color', 'Dockerfile']),
    check('docker-compose.yml', join(checkers, 'bin', 'python'), [
      ...['-I', '-m', 'check_jsonschema', '--color=never'],
      ...['--builtin-schema', 'vendor.compose-spec', 'docker-compose.yml'],
    ]),
  ];
  process.exitCode = results.every(Boolean) ? 0 : 1;
} catch (error) {
  console.error(`The checkers could not be installed, and nothing was checked: ${error.message}`);
  process.exitCode = 1;
}

function check(file, command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status === 0) console.log(`${file}: ok`);
  else console.error(`${file}: ${error ? error.message : `${stdout}${stderr}`.trim()}`);
  return status === 0;
}

function findOrInstallCheckers() {
  const { stdout: version } = run('python3', ['-I', '-c', 'import sys; print(sys.version, sys.base_prefix)']);
  const fingerprint = createHash('sha256').update(readFileSync(requirements)).update(version).digest('hex');
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'landfall');
  const place = join(cache, `checkers-${fingerprint.slice(0, 16)}`);
  if (existsSync(place)) return place;
  console.error('Installing hadolint and check-jsonschema (first time only) ...');
  mkdirSync(cache, { recursive: true });
  const building = mkdtempSync(join(cache, '.checkers-'));
  try {
    run('python3', ['-I', '-m', 'venv', building]);
    const pip = ['-I', '-m', 'pip', 'install', '--disable-pip-version-check', '--progress-bar=off'];
    const pinned = ['--require-hashes', '--only-binary=:all:', '--no-user', '--no-input', '-r', requirements];
    run(join(building, 'bin', 'python'), [...pip, ...pinned]);
    // Only a whole installation ever has this name, whoever is killed on the way.
    renameSync(building, place);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return place;
}

function run(command, args) {
  const done = spawnSync(command, args, { encoding: 'utf8' });
  if (done.status === 0) return done;
  throw new Error(done.error ? done.error.message : `${done.stdout}${done.stderr}`.trim());
}
