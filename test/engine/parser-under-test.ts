import { gunzipSync } from 'node:zlib';
import type { ObjectLocation } from '../../src/adapters/object-store';
import { collectFindings } from '../../src/checks/collect-findings';
import { describeFinding } from '../../src/checks/describe-finding';
import { column } from '../../src/definition/column';
import type { CustomFormat, Parse, ParserContext } from '../../src/definition/custom-format';
import type { TableDefinition } from '../../src/definition/table';
import { readTableRows } from '../../src/engine/read-table-rows';
import { readBytes } from '../adapters/test-buckets';
import { tableOf } from '../definition/pipeline-of';
import { store, Tasks } from './task-context';

export const COLUMNS = {
  id: column.int64(),
  name: column.string({ nullTexts: ['', 'N/A'] }).nullable(),
  paid: column.decimal(6, 2).nullable(),
};
export type C = typeof COLUMNS;
export type Definition = Partial<TableDefinition<C>>;

/** `id|name|paid`, a record a line; `~` is null, what begins with `!` is rejected. */
export const parseLines: Parse<C> = async function* (bytes, { row, reject }) {
  let text = '';
  for await (const chunk of bytes) text += Buffer.from(chunk).toString('latin1');
  for (const [index, each] of text.split('\n').entries()) {
    const line = index + 1;
    if (each === '') continue;
    if (each.startsWith('!')) {
      yield reject('begins with a mark', { line, raw: each });
      continue;
    }
    const [id = null, name = null, paid = null] = each
      .split('|')
      .map((field) => (field === '~' ? null : field));
    yield row({ id, name, paid }, { line });
  }
};

export const readRejects = async (target: ObjectLocation): Promise<unknown[]> =>
  gunzipSync(await readBytes(store, target))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

export const formatOf = (parse: Parse<C>, more: Partial<CustomFormat<C>> = {}): CustomFormat<C> => ({
  endings: ['.dat'],
  parse,
  ...more,
});
export const tasksOf = (parse: Parse<C> = parseLines, definition: Definition = {}): Promise<Tasks<C>> =>
  Tasks.of<C>({ columns: COLUMNS, format: formatOf(parse), ...definition });

export async function checked(text: string | Buffer, parse?: Parse<C>, definition?: Definition) {
  const result = await (await tasksOf(parse, definition)).check(text, 'rows.dat');
  const told = result.findings.map((finding) => describeFinding(finding).replace('land/', ''));
  return { ...result, told };
}

/** Rows of code that no compiler has seen. */
export const yields = (...make: ((context: ParserContext<C>) => unknown)[]): Parse<C> =>
  async function* (_bytes, context) {
    for (const each of make) yield (await each(context)) as never;
  };
export const rowOf =
  (texts: unknown, place?: unknown) =>
  ({ row }: ParserContext<C>) =>
    row(texts as never, place as never);

export const rowsOf = (source: AsyncIterable<Uint8Array>, parse: Parse<C>) => {
  const table = tableOf({ columns: COLUMNS, format: formatOf(parse) });
  const parsedFile = { pipeline: 'my-pipeline', table: 'my_table', file: 'rows.dat' };
  return readTableRows(source, { ...table, parsedFile }, collectFindings('my_table', 'rows.dat'));
};
