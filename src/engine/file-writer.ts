import { createWriteStream, openSync } from 'node:fs';
import { once } from 'node:events';
import { createGzipWriterTo, type ByteWriter } from './gzip-writer';

/** Writes a temporary file. */
export type FileWriter = ByteWriter;

export function createFileWriter(path: string): FileWriter {
  // Opened at once: a stream that opens it later would put it into a folder that is being deleted after a failure.
  const file = createWriteStream(path, { fd: openSync(path, 'w') });
  const finished = once(file, 'finish').then(() => undefined);
  // A failure is told to whoever writes or ends, not to the process.
  finished.catch(() => undefined);
  return {
    async write(bytes) {
      if (!file.write(bytes)) await Promise.race([once(file, 'drain'), finished]);
    },
    async end() {
      file.end();
      await finished;
    },
  };
}

/** One gzip member whose header has no time in it, so that the same content gives the same bytes. */
export const createGzipWriter = (path: string): FileWriter => createGzipWriterTo(createFileWriter(path));
