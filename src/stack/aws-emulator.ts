import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SetupError } from '../errors';
import type { EmbeddedPart } from './embedded-part';

/** Where the emulator's state belongs to: it keeps Glue by region, so that another one would show an empty catalogue. */
export const EMULATED_REGION = 'eu-west-1';

const OWN_ANSWERS_WITHIN_MS = 5_000;

export function describeAwsEmulator(
  python: string,
  stateDir: string,
  { isKept }: { isKept: boolean },
): EmbeddedPart<'aws'> {
  const folder = join(stateDir, 'aws');
  return {
    name: 'aws',
    title: 'The AWS emulator',
    portNames: ['aws'],
    command: (ports) => {
      const scratch = join(folder, 'tmp');
      rmSync(scratch, { recursive: true, force: true });
      mkdirSync(scratch, { recursive: true });
      return {
        command: python,
        arguments: ['-I', join(__dirname, 'aws-emulator.py')],
        // Nothing of ours is inherited: many of the emulator's settings have names that others use too.
        environment: {
          PATH: process.env['PATH'],
          HOME: folder,
          TMPDIR: scratch,
          BIND_HOST: '127.0.0.1',
          GATEWAY_PORT: String(ports.aws),
          SERVICES: 's3,glue,athena,sqs,sts,iam',
          MINISTACK_REGION: EMULATED_REGION,
          PERSIST_STATE: isKept ? '1' : '0',
          STATE_DIR: join(folder, 'settings'),
          S3_PERSIST: '1',
          S3_DATA_DIR: join(folder, 's3'),
          ATHENA_ENGINE: 'duckdb',
          IOT_MTLS_ENABLED: '0',
          SFTP_ENABLED: '0',
          LOG_LEVEL: 'WARNING',
        },
        logFile: join(stateDir, 'logs', 'aws.log'),
      };
    },
    check: async (ports) => {
      const response = await fetch(`http://127.0.0.1:${ports.aws}/_ministack/ready`, {
        signal: AbortSignal.timeout(2_000),
      });
      if (!response.ok) throw new Error(`The AWS emulator answers ${response.status}.`);
    },
  };
}

/** @throws SetupError when nothing speaks HTTP at the endpoint that AWS_ENDPOINT_URL names. */
export async function checkOwnAws(endpoint: string, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + OWN_ANSWERS_WITHIN_MS;
  for (;;) {
    signal?.throwIfAborted();
    try {
      await fetch(endpoint, { signal: AbortSignal.timeout(2_000) });
      return;
    } catch (cause) {
      if (Date.now() < deadline) {
        await delay(200);
        continue;
      }
      throw new SetupError(
        {
          happened: `Nothing answers at ${endpoint}, which AWS_ENDPOINT_URL names.`,
          next: 'Start it or correct the address; unset AWS_ENDPOINT_URL to use the embedded emulator.',
        },
        { cause },
      );
    }
  }
}
