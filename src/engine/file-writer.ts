import { createWriteStream, openSync } from 'node:fs';
import { once } from 'node:events';
import { createGzipWriterTo, type ByteWriter } from './gzip-writer';

/** Writes a temporary file. */
export type FileWriter = ByteWriter;

/** @param ended closes the file, wherever it is: not all that begins to write is told of a failure elsewhere */
export function createFileWriter(path: string, ended: AbortSignal): FileWriter {
  // Opened at once: a stream that opens it later would put it into a folder that is being deleted after a failure.
  const file = createWriteStream(path, { fd: openSync(path, 'w'), signal: ended });
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
export const createGzipWriter = (path: string, ended: AbortSignal): FileWriter =>
  createGzipWriterTo(createFileWriter(path, ended));
