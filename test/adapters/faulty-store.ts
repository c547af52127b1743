import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface FaultyStore {
  endpoint: string;
  /** Client connections that are open now. */
  openConnections(): Promise<number>;
  /** Waits for the clients to close them; without end when one does not. */
  untilAllConnectionsAreClosed(): Promise<void>;
  close(): Promise<void>;
}

/** What to do with a request instead of passing it on; `false` passes it on. */
export type Fault = (
  request: IncomingMessage,
  response: ServerResponse,
) => boolean | ((answer: IncomingMessage) => void);

export function passOn(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 500, answer.headers);
  answer.pipe(response);
}

/** Passes requests on to the emulator, but for those that `fault` takes: for what no real store does on demand. */
export async function startFaultyStore(fault: Fault): Promise<FaultyStore> {
  const server = createServer((incoming, response) => {
    const taken = fault(incoming, response);
    if (taken === true) return;
    const outgoing = request(new URL(incoming.url ?? '/', process.env['AWS_ENDPOINT_URL']), {
      ...(incoming.method && { method: incoming.method }),
      headers: incoming.headers,
    });
    outgoing.on('response', (answer) => {
      if (taken === false) passOn(answer, response);
      else taken(answer);
    });
    response.on('close', () => outgoing.destroy());
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    openConnections: () => countConnections(server),
    untilAllConnectionsAreClosed: async () => {
      while ((await countConnections(server)) > 0) await new Promise(setImmediate);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
