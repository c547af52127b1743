import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FindingCollector } from '../checks/collect-findings';

const CHUNK_BYTES = 256 * 1024;

/** By shape: where contexts are mixed (as Jest does), Node's own errors are of another `Error`. */
const isZlibError = (error: unknown): error is { code: string; message: string } =>
  typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_');

async function* prepend(
  first: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* gunzip(
  source: AsyncIterable<Uint8Array>,
  findings: FindingCollector,
): AsyncGenerator<Uint8Array> {
  const packed = Readable.from(source, { objectMode: false, highWaterMark: CHUNK_BYTES });
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  packed.on('error', (error) => unpacked.destroy(error));
  try {
    yield* packed.pipe(unpacked) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!isZlibError(error)) throw error;
    findings.addToFile('truncated-gzip', { received: error.message });
  } finally {
    packed.destroy();
  }
}

/**
 * The bytes inside a file whose name ends with `.gz`, or just its bytes. Name and content must say the same: gzip
 * under another name, or other bytes under this one, is a finding and nothing is read.
 */
export async function* unpackSource(
  name: string,
  source: AsyncIterable<Uint8Array>,
  findings: FindingCollector,
): AsyncGenerator<Uint8Array> {
  const rest = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < 2) {
    const next = await rest.next();
    if (next.done) break;
    first.push(next.value);
    bytes += next.value.length;
  }
  if (bytes === 0) {
    findings.addToFile('empty-file');
    return;
  }
  const [magic0, magic1] = Buffer.concat(first);
  const isGzip = magic0 === 0x1f && magic1 === 0x8b;
  const claimsGzip = name.endsWith('.gz');
  if (isGzip !== claimsGzip) {
    findings.addToFile('not-gzip', {
      expected: claimsGzip
        ? 'gzip, since its name ends with .gz'
        : 'no gzip, since its name does not end with .gz',
      received: isGzip ? 'gzip' : 'bytes that are no gzip',
    });
    return;
  }
  yield* isGzip ? gunzip(prepend(first, rest), findings) : prepend(first, rest);
}
