import { setTimeout as wait } from 'node:timers/promises';
import type { ObjectLocation, ObjectStore, StoredObject } from '../adapters/object-store';
import { toS3Url } from '../adapters/s3-calls';
import { hashObject } from '../activities/verify-stored';
import { LandfallError, SetupError, SourceChangedError } from '../errors';
import type { Problem } from './verification';

/** What an object in raw-hist must be. */
export interface Expected {
  delivery: number;
  size: number;
  sha256: string;
  metadata: Readonly<Record<string, string>>;
}

export interface CheckOptions {
  mode: 'full' | 'quick';
  signal: AbortSignal;
  onBytes: (bytes: number) => void;
}

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 500;

/** Hours of reading see a connection break now and then; what does not pass by itself ends the verification. */
export async function patiently<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof LandfallError && error.retryable)) throw error;
      await wait(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal });
    }
  }
}

/** @returns what is wrong with an archived object; its bytes are read in full mode only */
export async function checkStored(
  store: ObjectStore,
  location: ObjectLocation,
  expected: Expected,
  options: CheckOptions,
): Promise<Problem | undefined> {
  const { signal } = options;
  const problem = (kind: Problem['kind'], detail: string): Problem => ({
    kind,
    object: toS3Url(location),
    delivery: expected.delivery,
    detail,
  });
  const stored = await patiently(signal, () => store.head(location, { signal }));
  if (!stored)
    return problem(
      'missing',
      `expected ${expected.size} bytes with sha256 ${expected.sha256}, found nothing`,
    );
  const since = `stored at ${new Date(stored.lastModified * 1000).toISOString()}`;
  if (stored.size !== expected.size)
    return problem('altered', `expected ${expected.size} bytes, found ${stored.size}, ${since}`);
  if (options.mode === 'full') {
    const found = await readHash(store, stored, options);
    if ('unreadable' in found) return problem(found.kind, found.unreadable);
    if (found.sha256 !== expected.sha256)
      return problem('altered', `expected sha256 ${expected.sha256}, found ${found.sha256}, ${since}`);
  }
  const wrong = Object.entries(expected.metadata).filter(([name, value]) => stored.metadata[name] !== value);
  if (wrong.length === 0) return undefined;
  const differences = wrong.map(
    ([name, value]) => `${name}: expected ${value}, found ${stored.metadata[name] ?? 'none'}`,
  );
  return problem('metadata', `${differences.join('; ')}; ${since}`);
}

async function readHash(
  store: ObjectStore,
  stored: StoredObject,
  { signal, onBytes }: CheckOptions,
): Promise<{ sha256: string } | { kind: 'altered' | 'unreadable'; unreadable: string }> {
  try {
    return await patiently(signal, () => hashObject(store, stored, signal, onBytes));
  } catch (error) {
    if (error instanceof SourceChangedError)
      return { kind: 'altered', unreadable: 'it was replaced or deleted while it was read' };
    // In an archive storage class, or its key of KMS is denied: of this object alone, since HEAD was answered.
    if (error instanceof SetupError)
      return { kind: 'unreadable', unreadable: `${error.happened} ${error.next}` };
    throw error;
  }
}
