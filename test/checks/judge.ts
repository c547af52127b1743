import { compileColumn } from '../../src/checks/compile-column';
import { isFault } from '../../src/checks/value-reader';
import type { ColumnSchema } from '../../src/definition/column';
import { readColumn } from '../../src/definition/read-column';

/** What a column makes of a text: the canonical value, null, or the code of its fault in brackets. */
export function judge(schema: ColumnSchema, text: string, quoted = false): string | null {
  const value = compileColumn(readColumn('c', schema))(text, quoted);
  return isFault(value) ? `(${value.code})` : value;
}

/** The same for many texts at once, so that a table of cases reads as one. */
export const judgeAll = (schema: ColumnSchema, texts: readonly string[]): Record<string, string | null> =>
  Object.fromEntries(texts.map((text) => [text, judge(schema, text)]));
