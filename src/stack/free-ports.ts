import { once } from 'node:events';
import { createServer } from 'node:net';
import { SetupError } from '../errors';

export type PortName = 'temporal' | 'webUi' | 'metrics' | 'aws';
export type Ports = Record<PortName, number>;

interface HeldPort {
  name: PortName;
  port: number;
  release: () => Promise<void>;
}

/**
 * The configured port, else the preferred one, else any free one, on 127.0.0.1.
 *
 * @throws SetupError when a configured port is in use.
 */
export async function chooseFreePorts(
  names: readonly PortName[],
  configured: Partial<Ports>,
  preferred: Partial<Ports>,
): Promise<Partial<Ports>> {
  const rank = (name: PortName): number => (configured[name] ? 0 : preferred[name] ? 1 : 2);
  const held: HeldPort[] = [];
  try {
    // Named ports first, or a free one drawn for another part could be the one that is named.
    for (const name of [...names].sort((one, other) => rank(one) - rank(other))) {
      held.push({ name, ...(await holdPort(name, configured[name], preferred[name])) });
    }
    return Object.fromEntries(held.map(({ name, port }) => [name, port]));
  } finally {
    await Promise.all(held.map(({ release }) => release()));
  }
}

async function holdPort(
  name: PortName,
  configured: number | undefined,
  preferred: number | undefined,
): Promise<Omit<HeldPort, 'name'>> {
  if (configured === undefined) return listen(preferred ?? 0).catch(() => listen(0));
  return listen(configured).catch((cause: unknown) => {
    throw new SetupError(
      {
        happened: `Port ${configured}, configured for ${name}, cannot be opened on 127.0.0.1 (${(cause as NodeJS.ErrnoException).code}).`,
        next: 'End what uses it, configure another port, or configure none to get a free one.',
      },
      { cause },
    );
  });
}

async function listen(wanted: number): Promise<Omit<HeldPort, 'name'>> {
  const server = createServer();
  server.listen({ host: '127.0.0.1', port: wanted, exclusive: true });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : wanted;
  return { port, release: () => new Promise((resolve) => server.close(() => resolve())) };
}
