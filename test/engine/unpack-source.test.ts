import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { collectFindings } from '../../src/checks/collect-findings';
import { describeFinding } from '../../src/checks/describe-finding';
import { DEFAULT_LIMITS, type ContentLimits } from '../../src/definition/format';
import { unpackSource } from '../../src/engine/unpack-source';
import { borders, inChunks } from './chunks';
import { zstd } from './compress';

async function unpack(
  name: string,
  packed: Buffer,
  { places = [], limits = {} }: { places?: readonly number[]; limits?: Partial<ContentLimits> } = {},
): Promise<{ text: string; findings: string[]; words: string[] }> {
  const findings = collectFindings('t', name);
  const chunks: Uint8Array[] = [];
  const source = unpackSource(name, inChunks(packed, places), findings, {
    name: 'csv',
    limits: { ...DEFAULT_LIMITS, ...limits },
  });
  for await (const chunk of source) chunks.push(chunk);
  const found = findings.list();
  return {
    text: Buffer.concat(chunks).toString('latin1'),
    findings: found.map(({ code }) => code),
    words: found.map((each) => describeFinding(each)),
  };
}

const BODY = Buffer.from(
  Array.from({ length: 20_000 }, (_, id) => `${id},n${(id * 7919) % 9973}\n`).join(''),
);

const TEXT = BODY.toString('latin1');

describe('unpack-source', () => {
  let packedAs: { gzip: Buffer; zstd: Buffer };
  beforeAll(async () => {
    packedAs = { gzip: gzipSync(BODY), zstd: await zstd(BODY) };
  });
  const kinds = [
    ['gzip', 'rows.csv.gz'],
    ['zstd', 'rows.csv.zst'],
  ] as const;

  it.each(kinds)('%s is unpacked at any borders of chunks, frame after frame', async (kind, name) => {
    const packed = Buffer.concat([packedAs[kind], packedAs[kind]]);
    await fc.assert(
      fc.asyncProperty(borders, async (places) => {
        const { text, findings } = await unpack(name, packed, { places });
        expect(findings).toEqual([]);
        expect(text === TEXT + TEXT).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it.each(kinds)('%s that is cut off anywhere is never taken for whole', async (kind, name) => {
    const packed = packedAs[kind];
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 10, max: packed.length - 1 }), async (length) => {
        expect((await unpack(name, packed.subarray(0, length))).findings).toEqual(['damaged-compression']);
      }),
      { numRuns: 100 },
    );
  });

  it.each(kinds)('%s with something behind it is refused', async (kind, name) => {
    for (const more of ['x', 'PK and more', '\0', `\0\0${gzipSync('hidden').toString('latin1')}`]) {
      const packed = Buffer.concat([packedAs[kind], Buffer.from(more, 'latin1')]);
      const { findings } = await unpack(name, packed);
      expect({ more, findings }).toEqual({ more, findings: ['damaged-compression'] });
    }
  });

  it('a changed byte in a frame with a checksum is found', async () => {
    const packed = packedAs.gzip;
    for (const at of [20, packed.length >> 1, packed.length - 6, packed.length - 1]) {
      const damaged = Buffer.from(packed);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      expect((await unpack('rows.csv.gz', damaged)).findings).toEqual(['damaged-compression']);
    }
  });

  it('zstd with skippable frames is read past them', async () => {
    const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const packed = Buffer.concat([skippable, packedAs.zstd, skippable]);
    const { findings, text } = await unpack('rows.csv.zst', packed);
    expect(findings).toEqual([]);
    expect(text === TEXT).toBe(true);
  });

  it('a window larger than zstd uses by itself is refused with words', async () => {
    const words = await unpack('a.csv.zst', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0xa0, 1, 0, 0, 0, 0]));
    expect(words.words).toEqual([
      'a.csv.zst is no whole zstd: it asks for a window of 1024 MiB, and at most 8 MiB is given: pack it with level 19 or lower, without --long.',
    ]);
  });

  it.each([
    ['rows.csv', 'gzip', 'expected no compression, since its name ends with neither .gz nor .zst, got gzip'],
    ['rows.csv.gz', 'zstd', 'expected gzip, since its name ends with .gz, got zstd'],
    ['rows.csv.ZST', 'gzip', 'expected zstd, since its name ends with .zst, got gzip'],
  ] as const)('%s that is %s is a mismatch', async (name, kind, words) => {
    expect(await unpack(name, packedAs[kind])).toMatchObject({
      findings: ['wrong-compression'],
      words: [`${name} is not what its name says: ${words}.`],
      text: '',
    });
  });

  it.each([
    ['ZIP', Buffer.from('PK\x03\x04 and so on')],
    ['an Office document', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0])],
    ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 1, 2, 3, 4])],
    ['bzip2', Buffer.from('BZh91AY&SY and so on')],
  ])('%s is named, though it is not read', async (kind, body) => {
    expect((await unpack('rows.csv', body)).words[0]).toContain(`got ${kind}`);
    expect((await unpack('rows.csv.gz', body)).words[0]).toContain(`got ${kind}`);
  });

  it('compression inside compression is refused, whichever', async () => {
    const inside = { gzip: gzipSync(packedAs.gzip), zstd: await zstd(packedAs.gzip) };
    expect((await unpack('rows.csv.gz', inside.gzip)).words).toEqual([
      'rows.csv.gz is compressed twice (gzip inside gzip).',
    ]);
    expect((await unpack('rows.csv.zst', inside.zstd)).words).toEqual([
      'rows.csv.zst is compressed twice (gzip inside zstd).',
    ]);
  });

  it('no more is given than the limit allows, packed or not', async () => {
    const limits = { unpackedBytes: 50_000 };
    for (const [name, body] of [
      ['rows.csv', BODY],
      ['rows.csv.gz', packedAs.gzip],
      ['rows.csv.zst', packedAs.zstd],
    ] as const) {
      const { findings, text } = await unpack(name, body, { limits, places: [100, 1000, 20_000, 40_000] });
      expect(findings).toEqual(['unpacks-too-large']);
      expect(text.length).toBeLessThanOrEqual(50_000);
    }
  });

  it.each(kinds)('a bomb of %s is refused after 64 MiB of it', async (kind, name) => {
    const chunks = Array.from({ length: 160 }, () => Buffer.alloc(1024 * 1024));
    const bomb = kind === 'gzip' ? gzipSync(Buffer.concat(chunks)) : await zstd(...chunks);
    expect(bomb.length).toBeLessThan(200_000);
    const { findings, words, text } = await unpack(name, bomb);
    expect(findings).toEqual(['unpacks-too-large']);
    expect(words[0]).toContain('expected at most 250 bytes for each landed byte (limits.ratio)');
    expect(text.length).toBeLessThan(66 * 1024 * 1024);
  });
});
