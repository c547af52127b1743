import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cannotRead, pinLocalFile } from '../../adapters/local-file-store';
import type { ObjectStore, PinnedObject } from '../../adapters/object-store';
import { UsageError } from '../../errors';
import { isFolderMarker } from '../../layout/land-key';

/** A file to check. */
export interface Input {
  /** As people know it: the path or URI that was given, or what was found below it. */
  shown: string;
  /** Folders and name, with `/` between them: absolute, or relative to the delivery that was given. */
  path: string;
  isLocal: boolean;
  source: PinnedObject & { lastModified: number };
}

export interface Inputs {
  files: Input[];
  /** The one folder or prefix that was given, which may be a whole delivery. */
  folder: string | undefined;
}

const S3_URI = /^s3:\/\/([^/]+)\/(.*)$/s;

/**
 * Every file that the arguments name, each once: files, folders with all below them, `s3://` keys and prefixes.
 * @throws UsageError when one cannot be read, or nothing is there
 */
export async function findInputs(
  given: readonly string[],
  openS3: () => Promise<ObjectStore>,
): Promise<Inputs> {
  const files = new Map<string, Input>();
  let folder: string | undefined;
  for (const argument of given) {
    const s3 = S3_URI.exec(argument);
    const found = s3
      ? await findInS3(argument, s3[1] ?? '', s3[2] ?? '', await openS3())
      : await findLocal(argument);
    if (found.folder !== undefined && given.length === 1) folder = found.folder;
    for (const file of found.files) files.set(`${file.source.bucket} ${file.source.key}`, file);
  }
  return { files: [...files.values()], folder };
}

async function findLocal(argument: string): Promise<Inputs> {
  if (argument === '-') {
    throw new UsageError({
      happened: 'Standard input has no name and no folder, so it is not known which table it is of.',
      next: 'Write it to a file, and give that.',
    });
  }
  const found = await stat(argument).catch((error: unknown) => {
    throw cannotRead(argument, error);
  });
  const path = resolve(argument);
  if (!found.isDirectory()) {
    return {
      files: [{ shown: argument, path, isLocal: true, source: await pinLocalFile(path) }],
      folder: undefined,
    };
  }
  const files: Input[] = [];
  for (const below of await listFiles(path)) {
    const source = await pinLocalFile(join(path, below));
    files.push({ shown: join(argument, below), path: below, isLocal: true, source });
  }
  if (files.length === 0) throw nothingIn(argument);
  return { files, folder: path };
}

/** In the order of keys. */
async function listFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) files.push(entry.name);
    else files.push(...(await listFiles(join(folder, entry.name))).map((below) => `${entry.name}/${below}`));
  }
  return files.sort((a, b) => (a < b ? -1 : 1));
}

async function findInS3(uri: string, bucket: string, key: string, store: ObjectStore): Promise<Inputs> {
  if (key !== '' && !key.endsWith('/')) {
    const source = await store.head({ bucket, key });
    if (!source) throw cannotRead(uri, new Error('there is no such object'));
    return { files: [{ shown: uri, path: key, isLocal: false, source }], folder: undefined };
  }
  const files: Input[] = [];
  for await (const source of store.list(bucket, key)) {
    if (isFolderMarker(source)) continue;
    const shown = `s3://${bucket}/${source.key}`;
    files.push({ shown, path: source.key.slice(key.length), isLocal: false, source });
  }
  if (files.length === 0) throw nothingIn(uri);
  return { files, folder: key.replace(/\/$/, '') };
}

const nothingIn = (folder: string): UsageError =>
  new UsageError({ happened: `${folder} has no files.`, next: 'Give files, or a folder that has some.' });
