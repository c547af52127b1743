import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import { createGzip } from 'node:zlib';

/** Writes a temporary file no faster than it can be written. */
export interface FileWriter {
  write(bytes: Buffer): Promise<void>;
  /** Resolves when all of it is in the file. */
  end(): Promise<void>;
}

function toWriter(stream: Writable, finished: Promise<void>): FileWriter {
  // A failure is told to whoever writes or ends, not to the process.
  finished.catch(() => undefined);
  return {
    async write(bytes) {
      if (!stream.write(bytes)) await Promise.race([once(stream, 'drain'), finished]);
    },
    async end() {
      stream.end();
      await finished;
    },
  };
}

export function createFileWriter(path: string): FileWriter {
  const file = createWriteStream(path);
  return toWriter(
    file,
    once(file, 'finish').then(() => undefined),
  );
}

const LEVEL = 6;

/** One gzip member whose header has no time in it, so that the same content gives the same bytes. */
export function createGzipWriter(path: string): FileWriter {
  const gzip = createGzip({ level: LEVEL, chunkSize: 256 * 1024 });
  return toWriter(gzip, pipeline(gzip, createWriteStream(path)));
}
