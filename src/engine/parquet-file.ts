import { createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { decoding, malformed, unsupported } from './parquet-fault';
import type { FileMetadata, ParquetLibrary } from './parquet-library';
import { readSchema, type SchemaNode } from './parquet-schema';

const LARGEST_FOOTER = 64 * 1024 * 1024;
const FRAME_BYTES = 12;

export interface ParquetFile {
  metadata: FileMetadata;
  /** Its columns, nested ones with all that is in them. */
  fields: SchemaNode[];
  /** Of the whole file. */
  bytes: number;
  /** Where the footer begins. */
  dataEnd: number;
  read: (from: number, to: number) => Promise<Uint8Array>;
  close(): Promise<void>;
}

export const spool = (source: AsyncIterable<Uint8Array>, path: string): Promise<void> =>
  pipeline(source, createWriteStream(path));

async function readBytes(file: FileHandle, from: number, to: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(to - from);
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, from + done);
    if (bytesRead === 0) throw malformed('it is cut off');
    done += bytesRead;
  }
  return bytes;
}

const magicOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/**
 * Opens a file and reads its footer.
 * @throws ParquetFault when it is no Parquet file, a damaged one or one that is encrypted
 */
export async function openParquet(path: string, library: ParquetLibrary): Promise<ParquetFile> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size < FRAME_BYTES) throw malformed('it is too short');
    const read = (from: number, to: number): Promise<Uint8Array> => readBytes(file, from, to);
    const magic = [magicOf(await read(0, 4)), magicOf(await read(size - 4, size))];
    if (magic.includes('PARE')) throw unsupported('it is encrypted');
    if (magic.some((each) => each !== 'PAR1')) throw malformed('it does not begin and end with PAR1');
    const length = new DataView((await read(size - 8, size - 4)).buffer).getUint32(0, true);
    if (length > size - FRAME_BYTES) throw malformed('its footer is longer than the file');
    if (length > LARGEST_FOOTER) throw unsupported(`its footer is larger than ${LARGEST_FOOTER} bytes`);
    const footer = await read(size - 8 - length, size);
    const { metadata, fields } = decoding('its footer', length, () => {
      const decoded = library.parquetMetadata(footer.buffer as ArrayBuffer, { geoparquet: false });
      return { metadata: decoded, fields: readSchema(decoded.schema) };
    });
    checkRows(metadata);
    return { metadata, fields, bytes: size, dataEnd: size - 8 - length, read, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function checkRows({ num_rows: rows, row_groups: groups }: FileMetadata): void {
  const total = groups.reduce((sum, { num_rows: own }) => {
    if (typeof own !== 'bigint' || own < 0n) throw malformed('a row group has no number of rows');
    return sum + own;
  }, 0n);
  if (rows !== total) throw malformed(`it says that it has ${rows} rows, but its row groups have ${total}`);
}
