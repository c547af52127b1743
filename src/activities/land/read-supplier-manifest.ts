import { createHash } from 'node:crypto';
import type { ObjectStore } from '../../adapters/object-store';
import type { ManifestFields } from '../../definition/completeness';
import { csv } from '../../definition/format';
import type { Pipeline } from '../../definition/pipeline';
import { readCsv } from '../../engine/read-csv';
import type { ListedFile } from '../records';
import { sourceOf, type Located } from './source-of';

/** What a supplier's manifest says, or why it cannot be read; and the bytes' SHA-256, hexadecimal. */
export type SupplierListing = { sha256: string } & ({ files: ListedFile[] } | { problem: string });

type Facts = NonNullable<Pipeline['complete']['manifest']>;

// It is read whole, on the worker's own loop: some 50,000 files.
const LARGEST_MANIFEST = 8 * 1024 * 1024;
const CHECKSUM_DIGITS = { md5: 32, sha256: 64 } as const;

/** Why the manifest cannot be used, in words that follow "it". */
class ManifestProblem extends Error {}

/** @throws SourceChangedError when it is no longer the version that was listed */
export async function readSupplierManifest(
  store: ObjectStore,
  pipeline: Pipeline,
  facts: Facts,
  note: Located,
  signal: AbortSignal,
): Promise<SupplierListing> {
  const hash = createHash('sha256');
  const chunks: Buffer[] = [];
  const isTooLarge = note.size > LARGEST_MANIFEST;
  for await (const chunk of await store.read(sourceOf(pipeline, note), { signal })) {
    hash.update(chunk as Buffer);
    if (!isTooLarge) chunks.push(chunk as Buffer);
  }
  const sha256 = hash.digest('hex');
  if (isTooLarge) return { sha256, problem: `it is larger than ${LARGEST_MANIFEST} bytes` };
  try {
    const entries = await readEntries(Buffer.concat(chunks), facts);
    return { sha256, files: entries.map((entry, index) => readEntry(entry, index + 1, facts.fields)) };
  } catch (error) {
    if (error instanceof ManifestProblem) return { sha256, problem: error.message };
    throw error;
  }
}

type Entry = Readonly<Record<string, unknown>>;

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function readEntries(bytes: Buffer, { format, list }: Facts): Promise<Entry[]> {
  if (format === 'csv') return readCsvEntries(bytes);
  const document = parseJson(bytes);
  const entries = list === undefined ? document : isEntry(document) ? document[list] : undefined;
  if (!Array.isArray(entries)) {
    throw new ManifestProblem(list === undefined ? 'it is no JSON array' : `it has no array under "${list}"`);
  }
  return entries.map((entry: unknown, index) => {
    if (isEntry(entry)) return entry;
    throw new ManifestProblem(`its entry ${index + 1} is no JSON object`);
  });
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new ManifestProblem('it is no JSON in UTF-8');
  }
}

async function readCsvEntries(bytes: Buffer): Promise<Entry[]> {
  let header: readonly string[] | undefined;
  const entries: Entry[] = [];
  // eslint-disable-next-line @typescript-eslint/require-await -- what is read is there already
  const source = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes;
  };
  for await (const rows of readCsv(source(), csv())) {
    for (const { fields, fault, line } of rows) {
      if (fault) throw new ManifestProblem(`its line ${line} cannot be read as CSV in UTF-8`);
      if (!header) header = fields;
      else if (fields.length !== header.length)
        throw new ManifestProblem(
          `its line ${line} has ${fields.length} fields, its header ${header.length}`,
        );
      else entries.push(Object.fromEntries(header.map((name, place) => [name, fields[place]])));
    }
  }
  if (!header) throw new ManifestProblem('it is empty');
  return entries;
}

function readEntry(entry: Entry, number: number, { file, ...facts }: ManifestFields): ListedFile {
  const where = `its entry ${number}`;
  const read = (field: string): unknown => {
    if (Object.hasOwn(entry, field)) return entry[field];
    throw new ManifestProblem(`${where} has no "${field}"`);
  };
  const name = read(file);
  if (typeof name !== 'string' || name === '')
    throw new ManifestProblem(`${where} has no file name as its "${file}"`);
  const listed: ListedFile = { file: name };
  for (const measure of ['bytes', 'rows'] as const) {
    const field = facts[measure];
    if (field !== undefined) listed[measure] = readCount(read(field), `${where}, "${field}",`);
  }
  for (const checksum of ['md5', 'sha256'] as const) {
    const field = facts[checksum];
    if (field !== undefined)
      listed[checksum] = readDigest(read(field), CHECKSUM_DIGITS[checksum], `${where}, "${field}",`);
  }
  return listed;
}

function readCount(value: unknown, where: string): number {
  const count = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw new ManifestProblem(`${where} is no whole number`);
}

function readDigest(value: unknown, digits: number, where: string): string {
  if (typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/i.test(value))
    return value.toLowerCase();
  throw new ManifestProblem(`${where} is no checksum of ${digits} hexadecimal digits`);
}
