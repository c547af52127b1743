import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { SetupError } from '../errors';
import type { EmbeddedPart } from './embedded-part';
import { addMissingSearchAttributes, requireSearchAttributes } from './search-attributes';
import type { StackOptions } from './stack-options';

type SearchAttributes = StackOptions['searchAttributes'];

/** Whether there is a `temporal` on the PATH that runs. */
export async function hasTemporalOnPath(): Promise<boolean> {
  return promisify(execFile)('temporal', ['--version'], { timeout: 10_000, env: process.env }).then(
    () => true,
    () => false,
  );
}

export function describeTemporalServer(
  executable: string,
  stateDir: string,
  namespace: string,
  searchAttributes: SearchAttributes,
): EmbeddedPart<'temporal' | 'webUi' | 'metrics'> {
  return {
    name: 'temporal',
    title: 'The Temporal server',
    portNames: ['temporal', 'webUi', 'metrics'],
    command: (ports) => {
      const folder = join(stateDir, 'temporal');
      mkdirSync(folder, { recursive: true });
      return {
        command: executable,
        arguments: [
          ...['server', 'start-dev', '--ip', '127.0.0.1', '--namespace', namespace, '--log-level', 'warn'],
          ...['--port', ports.temporal, '--ui-port', ports.webUi, '--metrics-port', ports.metrics].map(
            String,
          ),
          ...['--db-filename', join(folder, 'temporal.db')],
          // Survives a kill at half the cost of the defaults; only a power cut can take the last moments.
          ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
          ...Object.entries(searchAttributes).flatMap(([name, type]) => [
            '--search-attribute',
            `${name}=${type}`,
          ]),
        ],
        environment: serverEnvironment(),
        logFile: join(stateDir, 'logs', 'temporal.log'),
      };
    },
    check: async (ports) => {
      const connection = await Connection.connect({
        address: `127.0.0.1:${ports.temporal}`,
        connectTimeout: 1_000,
        channelArgs: { 'grpc.enable_http_proxy': 0 },
      });
      try {
        await connection.workflowService.describeNamespace({ namespace });
        await addMissingSearchAttributes(connection, namespace, searchAttributes);
      } finally {
        await connection.close();
      }
    },
  };
}

/** @throws SetupError when the server that TEMPORAL_ADDRESS names does not answer or lacks search attributes. */
export async function checkOwnTemporal(
  address: string,
  namespace: string,
  searchAttributes: SearchAttributes,
): Promise<void> {
  const connection = await Connection.connect({
    connectTimeout: 5_000,
    ...loadClientConnectConfig().connectionOptions,
  }).catch((cause: unknown) => {
    throw new SetupError(
      {
        happened: `No Temporal server answers at ${address}, which TEMPORAL_ADDRESS names.`,
        next: 'Start it or correct the address; unset TEMPORAL_ADDRESS to use the embedded server.',
      },
      { cause },
    );
  });
  try {
    await requireSearchAttributes(connection, namespace, searchAttributes);
  } finally {
    await connection.close();
  }
}

function serverEnvironment(): NodeJS.ProcessEnv {
  // TEMPORAL_ADDRESS, profiles and keys are meant for clients, not for this server.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  // It would ask a host outside for newer versions.
  return { ...Object.fromEntries(inherited), TEMPORAL_VERSION_CHECK_DISABLED: '1' };
}
