import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startPart, type EmbeddedPart } from '../../src/stack/embedded-part';
import type { GuardedProcess } from '../../src/stack/guarded-process';
import { makeStateDir, useOwnStacks } from './own-stacks';

useOwnStacks();

async function describeServer(): Promise<EmbeddedPart<'aws'>> {
  const stateDir = await makeStateDir();
  return {
    ...{ name: 'aws', title: 'The server', portNames: ['aws'] },
    command: ({ aws }) => ({
      command: process.execPath,
      arguments: ['-e', `require('node:http').createServer((_, r) => r.end()).listen(${aws}, '127.0.0.1')`],
      environment: process.env,
      logFile: join(stateDir, 'server.log'),
    }),
    check: async ({ aws }) => {
      await fetch(`http://127.0.0.1:${aws}/`, { headers: { connection: 'close' } });
    },
  };
}

async function takePort(): Promise<{ port: number; giveBack: () => void }> {
  const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, giveBack: () => server.close() };
}

test('a port that was taken between our look and the start is given up for another', async () => {
  const taken = await takePort();
  const processes: GuardedProcess[] = [];
  try {
    const started = await startPart(await describeServer(), {
      ...{ configuredPorts: {}, firstPorts: { aws: taken.port } },
      onProcess: (process) => {
        processes.push(process);
        return Promise.resolve();
      },
    });
    expect(started.ports.aws).not.toBe(taken.port);
    expect(processes).toHaveLength(2);
    expect(processes[0]?.hasExited()).toBe(true);
  } finally {
    taken.giveBack();
    await Promise.all(processes.map((process) => process.stop()));
  }
});
