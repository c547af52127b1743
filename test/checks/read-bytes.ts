import { compileByteColumn } from '../../src/checks/bytes/byte-column';
import { CANONICAL, OTHER_FORM } from '../../src/checks/bytes/byte-verdict';
import type { ColumnSchema } from '../../src/definition/column';
import { readColumn } from '../../src/definition/read-column';

/** What the reader of bytes is sure of; undefined where it is not. */
export function readBytes(schema: ColumnSchema, text: string): string | null | undefined {
  const read = compileByteColumn(readColumn('c', schema));
  const bytes = Buffer.from(`,${text},`);
  const [start, end] = [1, bytes.length - 1];
  if (read?.isNull(bytes, start, end)) return read.nullable ? null : undefined;
  const verdict = read?.read(bytes, start, end);
  if (verdict === CANONICAL && read?.passes(bytes, start, end)) return text;
  if (verdict !== OTHER_FORM || !read) return undefined;
  const into = Buffer.alloc(read.mostWritten + 1);
  const to = read.write(bytes, start, end, into, 1);
  return read.passes(into, 1, to) ? into.toString('utf8', 1, to) : undefined;
}
