import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Parse } from '../../src/definition/custom-format';
import { checked, formatOf, parseLines, rowOf, rowsOf, tasksOf, yields, type C } from './parser-under-test';

describe('a parser and its bytes', () => {
  it('gets them unpacked, and any packing but gzip and zstd as it is', async () => {
    expect((await checked('1|Ann|1\n')).findings).toEqual([]);
    const tasks = await tasksOf();
    expect(await tasks.check(gzipSync('1|Ann|1\n'), 'rows.dat.gz')).toMatchObject({ rows: 1, findings: [] });
    expect((await tasks.check(gzipSync('1|Ann|1\n'), 'rows.dat')).findings).toMatchObject([
      { code: 'wrong-compression' },
      { code: 'too-few-rows' },
    ]);
    const parse = yields(rowOf({ id: '1', name: 'PK', paid: null }));
    expect((await checked(Buffer.from('PK\u0003\u0004…'), parse)).findings).toEqual([]);
  });

  it('may stop early: the rest is hashed, and its packing looked at', async () => {
    const whole = await checked('1|Ann|1\n2|Bea|1\n');
    const one = yields(rowOf({ id: '1', name: null, paid: null }));
    expect((await checked('1|Ann|1\n2|Bea|1\n', one)).sha256).toBe(whole.sha256);
    const packed = gzipSync('1|Ann|1\n'.repeat(200_000), { level: 0 });
    const cut = packed.subarray(0, -9);
    const { findings } = await (await tasksOf(one)).check(cut, 'rows.dat.gz');
    expect(findings.map(({ code }) => code)).toEqual(['damaged-compression']);
  });

  it('never takes bytes that are at fault for the end of the file, nor is blamed for them', async () => {
    let ended = false;
    const parse: Parse<C> = async function* (bytes, { row }) {
      for await (const chunk of bytes) if (chunk.length > 0) yield row({ id: '1', name: null, paid: null });
      ended = true;
    };
    const cut = gzipSync('1|Ann|1\n'.repeat(200_000), { level: 0 }).subarray(0, 500_000);
    const tasks = await tasksOf(parse);
    const { findings } = await tasks.check(cut, 'rows.dat.gz');
    expect([findings.map(({ code }) => code), ended]).toEqual([['damaged-compression'], false]);
    expect((await tasks.check('', 'rows.dat')).findings.map(({ code }) => code)).toEqual([
      'empty-file',
      'too-few-rows',
    ]);
    const bounded = await checked('1|Ann|1\n', parse, {
      format: formatOf(parse, { limits: { unpackedBytes: 3 } }),
    });
    expect(bounded.findings.map(({ code }) => code)).toEqual(['unpacks-too-large', 'too-few-rows']);
  });

  it('goes on in another loop where it stopped', async () => {
    const parse: Parse<C> = async function* (bytes, { row }) {
      let count = 0;
      for await (const _chunk of bytes) {
        count += 1;
        break;
      }
      for await (const _chunk of bytes) count += 1;
      yield row({ id: String(count), name: null, paid: null });
    };
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      for (let chunk = 0; chunk < 3; chunk += 1) yield await Promise.resolve(Buffer.from('x'));
    };
    const texts: unknown[] = [];
    for await (const batch of rowsOf(chunks(), parse)) texts.push(batch.texts(0));
    expect(texts).toEqual([['3', null, null]]);
  });

  it('may read ahead of its rows, whatever is wrong with them', async () => {
    let ended = false;
    const readAhead: Parse<C> = async function* (bytes, { row }) {
      const chunks = bytes[Symbol.asyncIterator]();
      for (let next = chunks.next(), ahead; ; next = ahead) {
        if ((await next).done) {
          ended = true;
          return;
        }
        ahead = chunks.next();
        yield row({ id: 'x', name: null, paid: null });
      }
    };
    const slowly = async function* (): AsyncGenerator<Uint8Array> {
      for (let chunk = 0; chunk < 3; chunk += 1) {
        yield Buffer.from('x');
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const batches: number[] = [];
    for await (const batch of rowsOf(slowly(), readAhead)) batches.push(batch.length);
    expect([batches, ended]).toEqual([[3], true]);
  });

  it('may be read by Node’s own parts, which tell of bytes at fault too', async () => {
    const parse: Parse<C> = async function* (bytes, { row }) {
      const lines = createInterface({ input: Readable.from(bytes), crlfDelay: Infinity });
      for await (const line of lines) yield row({ id: line, name: null, paid: null });
    };
    const tasks = await tasksOf(parse);
    const numbers = Array.from({ length: 20_000 }, (_, index) => index).join('\n');
    expect(await tasks.check(numbers, 'rows.dat')).toMatchObject({ rows: 20_000, findings: [] });
    const cut = gzipSync(numbers, { level: 0 }).subarray(0, -5_000);
    expect((await tasks.check(cut, 'rows.dat.gz')).findings).toMatchObject([{ code: 'damaged-compression' }]);
  });

  it('is not asked to say what reading the file failed with, also where it catches that', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('x'));
      throw new Error('the store is gone');
    };
    const calm: Parse<C> = async function* (bytes, { row }) {
      try {
        for await (const _chunk of bytes) yield row({ id: '1', name: null, paid: null });
      } catch {
        // As some parsers do.
      }
    };
    for (const parse of [calm, parseLines]) {
      const rows = rowsOf(broken(), parse);
      await expect(
        (async () => {
          for await (const batch of rows) expect(batch.length).toBe(1);
        })(),
      ).rejects.toThrow('the store is gone');
    }
  });
});

test('rows are asked for as they are used, so that a large file takes no more memory than a small one', async () => {
  let read = 0;
  let given = 0;
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    const chunk = Buffer.from('1|Ann|1.00\n'.repeat(6_000));
    for (let bytes = 0; bytes < 3_000_000; bytes += chunk.length) {
      read += chunk.length;
      yield await Promise.resolve(chunk);
    }
  };
  const parse: Parse<C> = async function* (bytes, { row }) {
    for await (const chunk of bytes)
      for (const line of Buffer.from(chunk).toString('latin1').trimEnd().split('\n')) {
        const [id = null, name = null, paid = null] = line.split('|');
        given += 1;
        yield row({ id, name, paid });
      }
  };
  let rows = 0;
  let mostAhead = 0;
  for await (const batch of rowsOf(chunks(), parse)) {
    rows += batch.length;
    mostAhead = Math.max(mostAhead, given - rows, read / 11 - rows);
  }
  expect(rows).toBe(276_000);
  expect(mostAhead).toBeLessThan(6_000 * 2);
});
