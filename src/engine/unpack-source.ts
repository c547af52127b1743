import type { FindingCollector } from '../checks/collect-findings';
import type { FindingCode } from '../checks/finding';
import type { ContentLimits, TableFormat } from '../definition/format';
import { describePacking, LONGEST_MAGIC, packingOfContent, packingOfName, type Packing } from './compression';
import { PackingFault } from './packing-fault';
import { unpackGzip } from './unpack-gzip';
import { unpackZstd } from './unpack-zstd';

/** What `unpackSource` finds; it gives nothing after it. */
export const WRONG_BYTES: ReadonlySet<FindingCode> = new Set([
  'empty-file',
  'wrong-compression',
  'damaged-compression',
  'double-compression',
  'unpacks-too-large',
]);

/** Fewer unpacked bytes than these are no bomb, however well they are packed. */
const RATIO_COUNTS_FROM = 64 * 1024 * 1024;

/** Gives what was read to find out what it is, then the rest; counts what it gives. */
class PeekedSource implements AsyncIterable<Uint8Array> {
  bytes = 0;
  private readonly rest: AsyncIterator<Uint8Array>;
  private readonly peeked: Uint8Array[] = [];

  constructor(source: AsyncIterable<Uint8Array>) {
    this.rest = source[Symbol.asyncIterator]();
  }

  async peek(length: number): Promise<Buffer> {
    let bytes = 0;
    while (bytes < length) {
      const next = await this.rest.next();
      if (next.done) break;
      this.peeked.push(next.value);
      bytes += next.value.length;
    }
    return Buffer.concat(this.peeked);
  }

  /** Without `return`: whoever stops early leaves the source as it is. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.next() };
  }

  private async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const peeked = this.peeked.shift();
    if (peeked === undefined) {
      const next = await this.rest.next();
      if (next.done) return { done: true, value: undefined };
      this.bytes += next.value.length;
      return { done: false, value: next.value };
    }
    this.bytes += peeked.length;
    return { done: false, value: peeked };
  }
}

/** A parser may read any other packing itself. */
function ownPackingOf(first: Uint8Array): Packing | undefined {
  const packing = packingOfContent(first);
  return packing === 'gzip' || packing === 'zstd' ? packing : undefined;
}

/**
 * The bytes inside a file whose name ends with `.gz` or `.zst`, or just its bytes. Name and content must say the same:
 * a mismatch, packed bytes inside packed ones, and more bytes than the format's limits allow are findings, after which nothing
 * more is given.
 */
export async function* unpackSource(
  name: string,
  source: AsyncIterable<Uint8Array>,
  findings: FindingCollector,
  format?: Pick<TableFormat, 'name' | 'limits'>,
): AsyncGenerator<Uint8Array> {
  const limits = format?.limits;
  const packingOf = format?.name === 'custom' ? ownPackingOf : packingOfContent;
  const packed = new PeekedSource(source);
  const first = await packed.peek(LONGEST_MAGIC);
  if (first.length === 0) {
    findings.addToFile('empty-file');
    return;
  }
  const packing = packingOf(first);
  const claimed = packingOfName(name);
  if (packing !== claimed) {
    findings.addToFile('wrong-compression', {
      expected: claimed
        ? `${claimed}, since its name ends with ${claimed === 'gzip' ? '.gz' : '.zst'}`
        : 'no compression, since its name ends with neither .gz nor .zst',
      received: packing ? describePacking(packing) : 'bytes that are not compressed',
    });
    return;
  }
  try {
    if (packing === undefined) yield* withinLimits(packed, packed, limits, findings);
    else {
      const unpacked = new PeekedSource(packing === 'gzip' ? unpackGzip(packed) : unpackZstd(packed));
      const inner = packingOf(await unpacked.peek(LONGEST_MAGIC));
      if (inner === undefined) yield* withinLimits(unpacked, packed, limits, findings);
      else findings.addToFile('double-compression', { received: `${inner} inside ${packing}` });
    }
  } catch (error) {
    if (!(error instanceof PackingFault)) throw error;
    findings.addToFile('damaged-compression', {
      expected: `whole ${claimed ?? 'compression'}`,
      received: error.message,
    });
  }
}

async function* withinLimits(
  unpacked: AsyncIterable<Uint8Array>,
  packed: { readonly bytes: number },
  limits: ContentLimits | undefined,
  findings: FindingCollector,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of unpacked) {
    bytes += chunk.length;
    const excess = limits && findExcess(bytes, packed, limits);
    if (excess !== undefined) {
      findings.addToFile('unpacks-too-large', excess);
      return;
    }
    yield chunk;
  }
}

/** What is more than the limits allow, in words; undefined where nothing is. */
export function findExcess(
  bytes: number,
  { bytes: packedBytes }: { readonly bytes: number },
  { unpackedBytes, ratio }: ContentLimits,
): { expected: string; received: string } | undefined {
  const received = `more than ${bytes} bytes from the first ${packedBytes}`;
  if (bytes > unpackedBytes)
    return { expected: `at most ${unpackedBytes} bytes (limits.unpackedBytes)`, received };
  return bytes > RATIO_COUNTS_FROM && bytes > ratio * packedBytes
    ? { expected: `at most ${ratio} bytes for each landed byte (limits.ratio)`, received }
    : undefined;
}
