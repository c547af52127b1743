import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { ObjectStore, OpenedObject, PinnedObject } from '../adapters/object-store';
import { IntegrityError } from '../errors';

/** SHA-256 (hexadecimal) and size of just this version's bytes. */
export async function hashObject(
  store: ObjectStore,
  object: PinnedObject,
  signal: AbortSignal,
  onBytes?: (bytes: number) => void,
): Promise<{ size: number; sha256: string }> {
  return hashBody(await store.read(object, { signal }), onBytes);
}

async function hashBody(
  body: Readable,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of body) {
    hash.update(chunk as Buffer);
    size += (chunk as Buffer).length;
    onBytes((chunk as Buffer).length);
  }
  return { size, sha256: hash.digest('hex') };
}

/** Reads an object to its end and compares it with what must be there. @throws IntegrityError naming both */
export async function verifyStored(
  { stored, body }: OpenedObject,
  expected: { size: number; sha256: string },
): Promise<void> {
  const { size, sha256 } = await hashBody(body);
  if (size === expected.size && sha256 === expected.sha256) return;
  throw new IntegrityError({
    happened: `What is stored at s3://${stored.bucket}/${stored.key} is not what was checked: expected ${expected.size} bytes with sha256 ${expected.sha256}, found ${size} bytes with sha256 ${sha256}.`,
    unchanged: 'Land is as it was.',
    next: 'Do not use the object; keep it for whoever runs the store, and run the pipeline again once it is understood.',
  });
}
