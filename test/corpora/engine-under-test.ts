import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Finding } from '../../src/checks/finding';
import { createEngine } from '../../src/engine/engine';
import type { Engine } from '../../src/engine/tasks';

const HANGS_AFTER_MS = 120_000;

/** Serves the objects that the engine reads, as S3 does. */
async function serve(objects: ReadonlyMap<string, Buffer>): Promise<Server> {
  const server = createServer((request, response) => {
    const body = objects.get(decodeURIComponent((request.url ?? '').split('?')[0] ?? ''));
    if (!body) response.writeHead(404).end();
    else response.writeHead(200, { 'content-length': body.length, etag: '"1"' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** The engine in processes of its own, as a worker runs it, over files that are held in memory here. */
export class EngineUnderTest {
  files = 0;
  private readonly processes = new Set<number>();
  private peakRss: number | undefined;

  private constructor(
    private readonly objects: Map<string, Buffer>,
    private readonly server: Server,
    private readonly engine: Engine,
  ) {}

  static async start(): Promise<EngineUnderTest> {
    const objects = new Map<string, Buffer>();
    const server = await serve(objects);
    const { port } = server.address() as AddressInfo;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'corpora',
      AWS_SECRET_ACCESS_KEY: 'corpora',
      AWS_REGION: 'eu-west-1',
    });
    const engine = createEngine({ pipelineModules: [join(__dirname, 'pipeline.ts')], maxProcesses: 2 });
    return new EngineUnderTest(objects, server, engine);
  }

  /**
   * What is wrong with a file.
   * @throws when its process is lost, fails or does not answer in time
   */
  async check(table: string, file: string, body: Buffer): Promise<Finding[]> {
    this.files += 1;
    const key = `land/${this.files}/${file}`;
    const path = `/land/${key}`;
    this.objects.set(path, body);
    try {
      const source = { bucket: 'land', key, etag: '"1"', size: body.length };
      const { findings } = await this.engine.checkFile(
        { pipeline: 'corpora', table, source },
        { signal: AbortSignal.timeout(HANGS_AFTER_MS) },
      );
      return findings;
    } finally {
      this.objects.delete(path);
      if (this.files % 100 === 0) this.measure();
    }
  }

  /** Of the largest engine process, in bytes; undefined where the system does not tell. */
  get peakResidentBytes(): number | undefined {
    this.measure();
    return this.peakRss;
  }

  /** How many processes there were: more than two, and one was lost. */
  get processesSeen(): number {
    this.measure();
    return this.processes.size;
  }

  async close(): Promise<void> {
    await this.engine.close();
    this.server.close();
    this.server.closeAllConnections();
  }

  private measure(): void {
    for (const pid of childrenOf(process.pid)) {
      this.processes.add(pid);
      const peak = /VmHWM:\s+(\d+) kB/.exec(readProc(`${pid}/status`))?.[1];
      if (peak !== undefined) this.peakRss = Math.max(this.peakRss ?? 0, Number(peak) * 1024);
    }
  }
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}

function childrenOf(parent: number): number[] {
  let names: string[] = [];
  try {
    names = readdirSync('/proc');
  } catch {
    // Not Linux.
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => new RegExp(`^PPid:\\s+${parent}$`, 'm').test(readProc(`${pid}/status`)));
}
