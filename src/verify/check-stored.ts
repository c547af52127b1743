import { differingMetadata } from '../activities/copy-verified';
import { hashObject } from '../activities/verify-stored';
import type { ObjectLocation, ObjectStore, StoredObject } from '../adapters/object-store';
import { toS3Url } from '../adapters/s3-calls';
import { SetupError, SourceChangedError } from '../errors';
import type { ObjectProtection } from '../layout/object-protection';
import { patiently } from '../patiently';
import { findUnprotected } from './judge-protection';
import type { Problem } from './verification';

/** What an object in raw-hist or quarantine must be. */
export interface Expected {
  delivery: number;
  size: number;
  sha256: string;
  metadata: Readonly<Record<string, string>>;
  protection: ObjectProtection;
}

export interface CheckOptions {
  mode: 'full' | 'quick';
  signal: AbortSignal;
  onBytes: (bytes: number) => void;
}

/** Hours of reading see a connection break now and then; what does not pass by itself ends the verification. */
export const patientlyRead = <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
  patiently({ attempts: 4, firstPauseMs: 500, signal }, work);

/** @returns what is wrong with a stored object; its bytes are read in full mode only */
export async function checkStored(
  store: ObjectStore,
  location: ObjectLocation,
  expected: Expected,
  options: CheckOptions,
): Promise<Problem[]> {
  const { signal } = options;
  const { delivery, size, sha256, protection } = expected;
  const object = toS3Url(location);
  const stored = await patientlyRead(signal, () => store.head(location, { signal }));
  if (!stored) {
    const detail = `expected ${size} bytes with sha256 ${sha256}, found nothing`;
    return [{ kind: 'missing', object, delivery, detail }];
  }
  const problem = await compare(store, stored, expected, options);
  const unprotected = findUnprotected(protection, stored.protection);
  return [
    ...(problem ? [{ ...problem, object, delivery }] : []),
    ...(unprotected.length > 0
      ? [{ kind: 'unprotected' as const, object, delivery, detail: unprotected.join('; ') }]
      : []),
  ];
}

type Difference = Pick<Problem, 'kind' | 'detail'>;

async function compare(
  store: ObjectStore,
  stored: StoredObject,
  { size, sha256, metadata }: Expected,
  options: CheckOptions,
): Promise<Difference | undefined> {
  const since = `stored at ${new Date(stored.lastModified * 1000).toISOString()}`;
  if (stored.size !== size)
    return { kind: 'altered', detail: `expected ${size} bytes, found ${stored.size}, ${since}` };
  if (options.mode === 'full') {
    const found = await readHash(store, stored, options);
    if ('kind' in found) return found;
    if (found.sha256 !== sha256)
      return { kind: 'altered', detail: `expected sha256 ${sha256}, found ${found.sha256}, ${since}` };
  }
  const wrong = differingMetadata(stored.metadata, metadata);
  if (wrong.length === 0) return undefined;
  const differences = wrong.map(
    ([name, value]) => `${name}: expected ${value}, found ${stored.metadata[name] ?? 'none'}`,
  );
  return { kind: 'metadata', detail: `${differences.join('; ')}; ${since}` };
}

async function readHash(
  store: ObjectStore,
  stored: StoredObject,
  { signal, onBytes }: CheckOptions,
): Promise<{ sha256: string } | Difference> {
  try {
    return await patientlyRead(signal, () => hashObject(store, stored, signal, onBytes));
  } catch (error) {
    if (error instanceof SourceChangedError)
      return { kind: 'altered', detail: 'it was replaced or deleted while it was read' };
    // In an archive storage class, or its key of KMS is denied: of this object alone, since HEAD was answered.
    if (error instanceof SetupError) return { kind: 'unreadable', detail: `${error.happened} ${error.next}` };
    throw error;
  }
}
