import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface FaultyStore {
  endpoint: string;
  /** Client connections that are open now. */
  openConnections(): Promise<number>;
  close(): Promise<void>;
}

/** What to do with a request instead of passing it on; `false` passes it on. */
export type Fault = (
  request: IncomingMessage,
  response: ServerResponse,
) => boolean | ((answer: IncomingMessage) => void);

/** Passes requests on to the emulator, but for those that `fault` takes: for what no real store does on demand. */
export async function startFaultyStore(fault: Fault): Promise<FaultyStore> {
  const server = createServer((incoming, response) => {
    const taken = fault(incoming, response);
    if (taken === true) return;
    const outgoing = request(new URL(incoming.url!, process.env['AWS_ENDPOINT_URL']), {
      method: incoming.method!,
      headers: incoming.headers,
    });
    outgoing.on('response', (answer) => {
      if (taken !== false) return taken(answer);
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
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
