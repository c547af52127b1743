import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 as zlibCrc32, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { crc32, crc32ByTable } from '../../src/engine/crc32';
import { createGzipWriterTo, type ByteWriter } from '../../src/engine/gzip-writer';
import { createGzipWriter } from '../../src/engine/file-writer';
import { all, borders, inChunks } from './chunks';

const BLOCK = 512 * 1024;
const FILE_WRITER = join(__dirname, '../../dist/engine/file-writer.js');
const READERS: Record<string, readonly string[]> = {
  gzip: ['-dc'],
  pigz: ['-dc'],
  python3: ['-c', 'import gzip, sys; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))'],
  // One that knows of a single member only.
  python: [
    '-c',
    'import zlib, sys; d = zlib.decompressobj(31); b = sys.stdin.buffer.read(); sys.stdout.buffer.write(d.decompress(b)); assert d.eof and not d.unused_data',
  ],
};

/** Neither all the same nor without pattern. */
function contentOf(length: number, seed: number): Buffer {
  const content = Buffer.alloc(length);
  let state = seed;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    content[at] = at % 50 < 40 ? (at * seed) % 61 : state >>> 24;
  }
  return content;
}

class Sink implements ByteWriter {
  readonly written: Uint8Array[] = [];
  ended = false;

  write(bytes: Uint8Array): Promise<void> {
    this.written.push(bytes);
    return nextTurn();
  }

  end(): Promise<void> {
    this.ended = true;
    return Promise.resolve();
  }
}

async function pack(content: Buffer, cuts: readonly number[], atOnce?: number): Promise<Buffer> {
  const sink = new Sink();
  const writer = createGzipWriterTo(sink, atOnce);
  for await (const chunk of inChunks(content, cuts)) await writer.write(chunk);
  await writer.end();
  expect(sink.ended).toBe(true);
  return Buffer.concat(sink.written);
}

describe('gzip-writer', () => {
  it('packs any bytes, cut anywhere, by any number of threads, to the same one member', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.nat(2_000), fc.integer({ min: BLOCK - 2, max: 3 * BLOCK + 2 })),
        fc.integer({ min: 1, max: 0x7fffffff }),
        fc.array(fc.nat(3 * BLOCK), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (length, seed, cuts, atOnce) => {
          const content = contentOf(length, seed);
          const packed = await pack(content, [], 1);
          expect((await pack(content, cuts, atOnce)).equals(packed)).toBe(true);
          expect(gunzipSync(packed).equals(content)).toBe(true);
        },
      ),
      { numRuns: 12, seed: 20_261_123 },
    );
  });

  it.each([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK])(
    'packs %d bytes so that every reader of gzip unpacks them',
    async (length) => {
      const content = contentOf(length, 7);
      const packed = await pack(content, []);
      for (const [reader, options] of Object.entries(READERS)) {
        const read = spawnSync(reader, options, { input: packed, maxBuffer: 8 * BLOCK });
        if ((read.error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') continue;
        expect([reader, read.status, read.stdout.equals(content)]).toEqual([reader, 0, true]);
      }
    },
  );

  it('takes no more blocks than it may hold before those before them are written', async () => {
    const atOnce = 3;
    let taken = 0;
    let most = 0;
    const sink = new Sink();
    const writer = createGzipWriterTo(
      {
        write: async (bytes) => {
          await sink.write(bytes);
          // The header is none.
          most = Math.max(most, taken - (sink.written.length - 1));
        },
        end: () => sink.end(),
      },
      atOnce,
    );
    const content = contentOf(BLOCK, 7);
    for (; taken < 20; taken += 1) await writer.write(content);
    await writer.end();
    expect(most).toBeLessThanOrEqual(atOnce);
    expect(gunzipSync(Buffer.concat(sink.written))).toHaveLength(20 * BLOCK);
  });

  it('writes a file, with nothing of when in it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'landfall-test-'));
    const path = join(folder, 'lines.gz');
    const writer = createGzipWriter(path, new AbortController().signal);
    await writer.write(Buffer.from('{}\n'));
    await writer.end();
    const packed = await readFile(path);
    expect(packed.subarray(0, 10).toString('hex')).toBe('1f8b08000000000000ff');
    expect(gunzipSync(packed).toString()).toBe('{}\n');
    await rm(folder, { recursive: true });
  });

  it.each(['small', 'large'])('tells whoever writes %s content of a full disk, and nobody else', (size) => {
    // In a process of its own, which an unhandled rejection would end.
    const script = `
      const { createGzipWriter } = require(${JSON.stringify(FILE_WRITER)});
      const { randomBytes } = require('node:crypto');
      (async () => {
        const writer = createGzipWriter('/dev/full', new AbortController().signal);
        let writes = 0;
        try {
          for (; writes < ${size === 'small' ? 1 : 200}; writes += 1) await writer.write(randomBytes(${BLOCK / 2}));
          await writer.end();
        } catch (error) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          console.log(error.code, writes < 200);
        }
      })();`;
    expect(execFileSync(process.execPath, ['-e', script]).toString()).toBe('ENOSPC true\n');
  });

  it('refuses all that comes after a failure', async () => {
    const failure = new Error('the disk is full');
    const writer = createGzipWriterTo({
      write: () => Promise.reject(failure),
      end: () => Promise.resolve(),
    });
    await nextTurn();
    await expect(writer.write(Buffer.alloc(BLOCK))).rejects.toBe(failure);
    await expect(writer.write(Buffer.alloc(BLOCK))).rejects.toBe(failure);
    await expect(writer.end()).rejects.toBe(failure);
  });
});

describe('crc32', () => {
  it.each([crc32, crc32ByTable])('is that of the standard (%p)', (sum) => {
    expect(sum(Buffer.from('123456789'))).toBe(0xcbf43926);
    expect(sum(Buffer.alloc(0))).toBe(0);
    expect(sum(Buffer.alloc(0), 0xcbf43926)).toBe(0xcbf43926);
  });

  it('goes on from any place', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), borders, async (bytes, cuts) => {
        const chunks = await all(inChunksOf(bytes, cuts));
        const sums = [crc32, crc32ByTable].map((add) => chunks.reduce((sum, chunk) => add(chunk, sum), 0));
        expect(sums).toEqual([zlibCrc32(bytes), zlibCrc32(bytes)]);
      }),
      { seed: 20_261_123 },
    );
  });
});

async function* inChunksOf(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array[]> {
  for await (const chunk of inChunks(Buffer.from(bytes), cuts)) yield [chunk];
}
