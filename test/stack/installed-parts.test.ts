import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findOrInstallParts } from '../../src/stack/installed-parts';
import { makeStateDir, useOwnStacks } from './own-stacks';

useOwnStacks();

interface StandIn {
  version?: string;
  missing?: string;
  pip?: string;
}

/** A python3 whose environments and pip take no time or fail as told: real ones do so only by breaking the machine. */
async function putPythonOnPath({
  version = '3, 11, 7',
  missing = '',
  pip = 'true',
}: StandIn = {}): Promise<void> {
  const bin = await makeStateDir();
  const python = join(bin, 'python3');
  await writeFile(
    python,
    `#!/bin/sh
case "$2 $3" in
  "-c "*) echo '{"version": [${version}], "executable": "${python}", "fingerprint": "one", "missing": [${missing}]}' ;;
  "-m venv") mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
  "-m pip") ${pip} ;;
esac
`,
  );
  await chmod(python, 0o755);
  process.env['PATH'] = `${bin}:/usr/bin:/bin`;
}

let cache: string;

beforeEach(async () => {
  process.env['XDG_CACHE_HOME'] = await makeStateDir();
  cache = join(process.env['XDG_CACHE_HOME'], 'landfall');
});

const ignore = (): void => undefined;

test('without Python the message says what to install, or what to use instead', async () => {
  process.env['PATH'] = '';
  await expect(findOrInstallParts(ignore)).rejects.toThrow(
    /no python3 on the PATH runs\. Install it .*apt install python3 python3-venv.* or set TEMPORAL_ADDRESS and AWS_ENDPOINT_URL/,
  );
});

test('a Python too old, or without venv and pip, is named', async () => {
  await putPythonOnPath({ version: '3, 9, 2' });
  await expect(findOrInstallParts(ignore)).rejects.toThrow(
    'python3 on the PATH is 3.9.2; the embedded stack needs 3.10',
  );
  await putPythonOnPath({ missing: '"ensurepip"' });
  await expect(findOrInstallParts(ignore)).rejects.toThrow(/it lacks ensurepip\. .*apt install python3-venv/);
});

test('a failed download tells what pip said and leaves nothing behind', async () => {
  await putPythonOnPath({ pip: 'echo "ERROR: No matching distribution found for ministack" >&2; exit 1' });

  await expect(findOrInstallParts(ignore)).rejects.toThrow(
    /failed: ERROR: No matching distribution found for ministack Check that pip reaches a package index/,
  );

  expect(await readdir(cache)).toEqual([]);
});

test('it installs once, with progress, also when two come at the same time', async () => {
  await putPythonOnPath({
    pip: `echo "  Downloading ministack-1.5.33-py3-none-any.whl (2.4 MB)"; sleep 0.2`,
  });
  const told: string[] = [];

  const both = await Promise.all([findOrInstallParts((line) => told.push(line)), findOrInstallParts(ignore)]);
  await findOrInstallParts((line) => told.push(`again: ${line}`));

  expect(both[0]).toEqual(both[1]);
  expect(await readdir(cache)).toEqual([expect.stringMatching(/^stack-[0-9a-f]{16}$/)]);
  expect(told).toEqual([expect.stringContaining('first time only'), 'downloading ministack (2.4 MB)']);
});

test('an installation that was killed half-way does not count and is cleared away; one under way is let be', async () => {
  const [killed, underWay] = [spawn('sleep', ['60']), spawn('sleep', ['60'])];
  await Promise.all([once(killed, 'spawn'), once(underWay, 'spawn')]);
  const building = [killed, underWay].map(({ pid }) => `.building-${pid}-00000000`);
  for (const name of building) await mkdir(join(cache, name, 'bin'), { recursive: true });
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  await putPythonOnPath();

  await findOrInstallParts(ignore);

  expect((await readdir(cache)).sort()).toEqual([building[1], expect.stringMatching(/^stack-/)]);
  underWay.kill('SIGKILL');
});

test('an abort ends the installation', async () => {
  await putPythonOnPath({ pip: 'exec sleep 60' });
  const aborted = new AbortController();

  const installing = findOrInstallParts(ignore, aborted.signal);
  await delay(300);
  aborted.abort(new Error('changed my mind'));

  await expect(installing).rejects.toThrow();
  expect(await readdir(cache)).toEqual([]);
});
