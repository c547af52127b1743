import { chooseFreePorts, type PortName, type Ports } from './free-ports';
import { startGuarded, type GuardedCommand, type GuardedProcess } from './guarded-process';
import { isHeldByOthers } from './listening-sockets';
import type { PartName } from './stack-options';
import { waitUntilReady } from './wait-until-ready';

/** One server that the stack runs itself. */
export interface EmbeddedPart<P extends PortName = PortName> {
  name: PartName;
  title: string;
  portNames: readonly P[];
  command(ports: Pick<Ports, P>): GuardedCommand;
  /** Throws while the server is not ready. */
  check(ports: Pick<Ports, P>): Promise<void>;
}

export interface StartedPart<P extends PortName = PortName> {
  name: PartName;
  process: GuardedProcess;
  ports: Pick<Ports, P>;
}

export interface PartSurroundings {
  configuredPorts: Partial<Ports>;
  /** Free a moment ago. */
  firstPorts: Partial<Ports>;
  /** Told of every process, also of those that fail, so that none is forgotten. */
  onProcess: (process: GuardedProcess) => Promise<void>;
  signal?: AbortSignal | undefined;
}

/**
 * Starts once more, with other ports, when the server ends at once: somebody may have taken a port between our look
 * and its own, and it also draws ports for itself.
 */
export async function startPart<P extends PortName>(
  part: EmbeddedPart<P>,
  { configuredPorts, firstPorts, onProcess, signal }: PartSurroundings,
): Promise<StartedPart<P>> {
  let ports = firstPorts as Pick<Ports, P>;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const process = await startGuarded(part.command(ports));
    await onProcess(process);
    try {
      await waitUntilReady(part.title, process, () => checkOurs(part, ports, process), signal);
      return { name: part.name, process, ports };
    } catch (error) {
      if (!process.hasExited() || attempt === 2) throw error;
      ports = (await chooseFreePorts(part.portNames, configuredPorts, {})) as Pick<Ports, P>;
    }
  }
}

/** Another stack that took the port would pass the check, and get our data. */
async function checkOurs<P extends PortName>(
  part: EmbeddedPart<P>,
  ports: Pick<Ports, P>,
  { group }: GuardedProcess,
): Promise<void> {
  await part.check(ports);
  const foreign = part.portNames.find((name) => group !== undefined && isHeldByOthers(ports[name], group));
  if (foreign !== undefined) throw new Error(`Another process holds port ${ports[foreign]}.`);
}
