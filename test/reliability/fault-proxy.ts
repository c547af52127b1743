import {
  request as forwardRequest,
  Agent,
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What becomes of one call: `before` and `after` are what a killed process leaves behind. */
export type Fault =
  /** The process is killed, and the call never leaves it. */
  | 'crash-before'
  /** The process is killed when the store has done what it was asked, and before it hears of it. */
  | 'crash-after'
  /** The store does it, and its answer is lost. */
  | 'lost'
  /** The connection breaks before the store hears of it. */
  | 'reset'
  /** The answer breaks off in the middle. */
  | 'truncated'
  /** The answer comes late. */
  | 'slow'
  /** The store does it, and says 412: what it had been asked before was done, and nobody heard of it. */
  | 'done-and-refused'
  /** The store answers with this status, and has done nothing. */
  | { status: 400 | 409 | 412 | 500 | 503; code: string };

export interface Call {
  /** Its place among the calls (of effects only, or of all) since the proxy was opened; from 0. */
  place: number;
  /** Whether it can change anything. */
  isEffect: boolean;
  isGlue: boolean;
  /** A write that is refused where something is already. */
  isOnlyWhereNothingIs: boolean;
  words: string;
}

/** Asked before each call; what it waits for comes first. */
export type FaultOf = (call: Call) => Fault | undefined | Promise<Fault | undefined>;

const SLOW_MS = 300;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

const READS_OF_GLUE = /\.(Get|BatchGet|List|Search)/;

function describe({ method = '', url = '', headers }: IncomingMessage): Omit<Call, 'place'> {
  const target = headers['x-amz-target'];
  if (typeof target === 'string')
    return {
      isEffect: !READS_OF_GLUE.test(target),
      isGlue: true,
      isOnlyWhereNothingIs: false,
      words: target,
    };
  const query = /\?.*/.exec(url)?.[0] ?? '';
  const step = /\buploadId=/.test(query)
    ? ' (of an upload)'
    : /\buploads\b/.test(query)
      ? ' (begins an upload)'
      : '';
  return {
    isEffect: method !== 'GET' && method !== 'HEAD',
    isGlue: false,
    isOnlyWhereNothingIs: headers['if-none-match'] === '*',
    words: `${method} ${decodeURIComponent(url.replace(/\?.*/, ''))}${step}`,
  };
}

/**
 * Stands between one process (or what a test takes for one) and the store and Glue. Once it has crashed the process, nothing
 * of it gets through any more.
 */
export class FaultProxy {
  readonly calls: Call[] = [];
  private isCrashed = false;
  private tellCrashed: () => void = () => undefined;
  /** Settles when the process is killed. */
  readonly crashes = new Promise<void>((resolve) => (this.tellCrashed = resolve));
  private effects = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((request, response) => {
    void this.handle(request, response).catch(() => response.destroy());
  });

  private constructor(
    private readonly targets: { s3: URL; glue: URL },
    private readonly faultOf: FaultOf,
  ) {
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async open(faultOf: FaultOf = () => undefined): Promise<FaultProxy> {
    const glue = process.env.AWS_ENDPOINT_URL ?? '';
    const s3 = process.env.AWS_ENDPOINT_URL_S3 || glue;
    const proxy = new FaultProxy({ s3: new URL(s3), glue: new URL(glue) }, faultOf);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get crashed(): boolean {
    return this.isCrashed;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.isCrashed = true;
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private crash(): void {
    this.isCrashed = true;
    this.tellCrashed();
    for (const socket of this.sockets) socket.destroy();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (this.crashed) request.socket.destroy();
    else await this.answer(request, response, Buffer.concat(chunks));
  }

  private async answer(request: IncomingMessage, response: ServerResponse, sent: Buffer): Promise<void> {
    const about = describe(request);
    const call: Call = { ...about, place: about.isEffect ? this.effects++ : this.calls.length };
    this.calls.push(call);
    const fault = await this.faultOf(call);
    if (fault === 'crash-before') this.crash();
    else if (fault === 'reset') request.socket.destroy();
    else if (typeof fault === 'object') refuse(request, response, fault);
    else await this.pass(request, response, sent, fault);
  }

  private async pass(
    request: IncomingMessage,
    response: ServerResponse,
    sent: Buffer,
    fault: Extract<Fault, string> | undefined,
  ): Promise<void> {
    const { status, headers, body } = await this.forward(request, sent);
    if (fault === 'crash-after') this.crash();
    if (this.crashed || fault === 'lost') {
      request.socket.destroy();
      return;
    }
    if (fault === 'done-and-refused') {
      refuse(request, response, { status: 412, code: 'PreconditionFailed' });
      return;
    }
    if (fault === 'slow') await delay(SLOW_MS);
    response.writeHead(status, headers);
    if (fault !== 'truncated' || body.length === 0) {
      response.end(body);
      return;
    }
    response.write(body.subarray(0, Math.floor(body.length / 2)));
    setImmediate(() => request.socket.destroy());
  }

  private forward(
    { method, url, headers }: IncomingMessage,
    body: Buffer,
  ): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = headers['x-amz-target'] === undefined ? this.targets.s3 : this.targets.glue;
      const forwarded = forwardRequest({ agent, hostname, port, method, path: url, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 502,
            headers: incoming.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      forwarded.on('error', reject);
      forwarded.end(body);
    });
  }
}

function refuse(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { status, code }: Exclude<Fault, string>,
): void {
  const isGlue = headers['x-amz-target'] !== undefined;
  response.writeHead(status, { 'content-type': isGlue ? 'application/x-amz-json-1.1' : 'application/xml' });
  response.end(
    isGlue
      ? JSON.stringify({ __type: code, message: 'as the fault proxy has it' })
      : `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>as the fault proxy has it</Message></Error>`,
  );
}
