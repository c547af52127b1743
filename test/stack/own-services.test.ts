import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProcesses, makeStateDir, startOwnStack, useOwnStacks } from './own-stacks';

useOwnStacks();

test('TEMPORAL_ADDRESS and AWS_ENDPOINT_URL are used as they are, with no process and no Python', async () => {
  const own = await startOwnStack(await makeStateDir());
  Object.assign(process.env, own.environment, { PATH: '' });
  const stateDir = await makeStateDir();

  const stack = await startOwnStack(stateDir);

  expect(findProcesses(stateDir)).toEqual([]);
  expect(stack).toMatchObject({
    ...{ temporalAddress: own.temporalAddress, awsEndpoint: own.awsEndpoint, webUiUrl: undefined },
    environment: { TEMPORAL_ADDRESS: own.temporalAddress, AWS_ENDPOINT_URL: own.awsEndpoint },
  });
  expect(stack.environment).not.toHaveProperty('AWS_ACCESS_KEY_ID');
});

test('a Temporal server of the user is asked for search attributes, not changed', async () => {
  const own = await startOwnStack(await makeStateDir());
  Object.assign(process.env, own.environment);

  const lacking = startOwnStack(await makeStateDir(), { searchAttributes: { LandfallRows: 'Int' } });

  await expect(lacking).rejects.toThrow(
    'temporal operator search-attribute create --namespace default --name LandfallRows --type Int',
  );
});

test('an address where nobody answers is named', async () => {
  process.env['TEMPORAL_ADDRESS'] = '127.0.0.1:1';
  process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:1';
  await expect(startOwnStack(await makeStateDir())).rejects.toThrow(
    'No Temporal server answers at 127.0.0.1:1, which TEMPORAL_ADDRESS names.',
  );
  delete process.env['TEMPORAL_ADDRESS'];
  await expect(startOwnStack(await makeStateDir())).rejects.toThrow(
    'Nothing answers at http://127.0.0.1:1, which AWS_ENDPOINT_URL names.',
  );
});

test('a temporal on the PATH is used before the installed one, unless it does not run', async () => {
  const bin = await makeStateDir();
  const temporal = join(bin, 'temporal');
  await writeFile(
    temporal,
    '#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "the user\'s own temporal"; exit 3\n',
  );
  await chmod(temporal, 0o755);
  process.env['PATH'] = `${bin}:${process.env['PATH']}`;
  await expect(startOwnStack(await makeStateDir())).rejects.toThrow(
    /exit code 3\).*the user's own temporal/s,
  );

  await writeFile(temporal, '#!/bin/sh\nexit 1\n');
  await expect(startOwnStack(await makeStateDir())).resolves.toBeDefined();
});
