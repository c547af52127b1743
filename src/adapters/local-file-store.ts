import { open, stat, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { SourceChangedError, UsageError } from '../errors';
import type { ObjectStore, PinnedObject } from './object-store';

const CHUNK_BYTES = 256 * 1024;

const etagOf = ({ mtimeNs, ino }: { mtimeNs: bigint; ino: bigint }): string => `${ino}-${mtimeNs}`;

const hasChanged = ({ key }: PinnedObject): SourceChangedError =>
  new SourceChangedError({
    happened: `${key} changed while it was read.`,
    unchanged: 'Nothing was written.',
    next: 'Wait until nobody writes to it, and check it again.',
  });

/** Says what cannot be read, and why, in the system's words. */
export const cannotRead = (path: string, cause: unknown): UsageError =>
  new UsageError(
    {
      happened: `${path} cannot be read: ${cause instanceof Error ? cause.message.replace(/,.*/, '') : String(cause)}.`,
      next: 'Give the paths of files, or of a folder, that you may read.',
    },
    { cause },
  );

/** A file as it is now; `bucket` means nothing here. @throws UsageError when there is none that can be read */
export async function pinLocalFile(path: string): Promise<PinnedObject & { lastModified: number }> {
  const found = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw cannotRead(path, error);
  });
  if (!found.isFile()) throw cannotRead(path, new Error('it is no file'));
  const lastModified = Number(found.mtimeMs / 1000n);
  return { bucket: '', key: path, etag: etagOf(found), size: Number(found.size), lastModified };
}

async function* readPinned(file: FileHandle, object: PinnedObject): AsyncGenerator<Buffer> {
  const isSame = async (): Promise<boolean> => etagOf(await file.stat({ bigint: true })) === object.etag;
  try {
    if (!(await isSame())) throw hasChanged(object);
    let bytes = 0;
    for await (const chunk of file.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false })) {
      bytes += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
    if (bytes !== object.size || !(await isSame())) throw hasChanged(object);
  } finally {
    await file.close();
  }
}

/** Files of this machine, read as objects are: what a check needs of a store, without one. Keys are paths. */
export const localFileStore: Pick<ObjectStore, 'read'> = {
  read: async (object) => {
    const file = await open(object.key).catch((error: unknown) => {
      throw cannotRead(object.key, error);
    });
    return Readable.from(readPinned(file, object), { objectMode: false, highWaterMark: CHUNK_BYTES });
  },
};
