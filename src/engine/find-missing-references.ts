import { join } from 'node:path';
import type { ForeignKey } from '../definition/foreign-key';
import type { Table } from '../definition/pipeline';
import type { Column } from '../definition/read-column';
import { collectByFile } from './find-duplicates';
import type { KeyLimits } from './key-index';
import { columnsForKeys, readKeyRows, readLandedAhead } from './read-keys';
import { readPublishedRows } from './read-published';
import { ReferenceIndex } from './reference-index';
import { placeIn, type RowBatch } from './row-batch';
import type { RowsWatch } from './rows-watch';
import { tableKey, type TableKey } from './table-key';
import type { ReadingContext } from './task-context';
import type { ReferencedRows } from './tasks';

interface Referring {
  table: Table;
  /** Of the rows that will be given. */
  columns: readonly Column[];
  files: readonly string[];
}

type Referenced = Partial<ReferencedRows> & { table: Table };

interface Known {
  keys: number;
  /** Rows whose own key is at fault. */
  unreadable: number;
}

async function* readReferenced(
  { references }: ForeignKey,
  { table, landed = [], published = [] }: Referenced,
  context: ReadingContext & { pipeline: string },
): AsyncGenerator<{ key: TableKey; batch: RowBatch }> {
  const columns = columnsForKeys(table, references.columns);
  const key = tableKey(references.columns, columns);
  const read = readLandedAhead(landed, context);
  for (const object of landed)
    for await (const batch of readKeyRows(object, table, columns, { ...context, read })) yield { key, batch };
  const curated = table.curatedColumns.filter(({ name }) => references.columns.includes(name));
  const curatedKey = tableKey(references.columns, curated);
  for (const part of published)
    for await (const batch of readPublishedRows(part, curated, context)) yield { key: curatedKey, batch };
}

const WHERE: Record<ForeignKey['in'], string> = {
  delivery: 'in this delivery',
  published: 'as it is published',
  either: 'in this delivery or as it is published',
};

function describeReferenced({ references, in: scope }: ForeignKey, { keys, unreadable }: Known): string {
  const rest =
    keys === 0 ? ', which has none' : unreadable > 0 ? `, of whose rows ${unreadable} could not be read` : '';
  return `a ${references.columns.join(', ')} of table ${references.table} ${WHERE[scope]}${rest}`;
}

/** Finds rows that refer to none of the rows that a foreign key allows; those it allows are read now. */
export async function findMissingReferences(
  foreignKey: ForeignKey,
  { table, columns, files }: Referring,
  referenced: Referenced,
  context: ReadingContext & { pipeline: string; place: number; limits: KeyLimits },
): Promise<RowsWatch> {
  const key = tableKey(foreignKey.columns, columns);
  const findings = collectByFile(table.name, files);
  const known: Known = { keys: 0, unreadable: 0 };
  const sensitive = key.sensitive || isSensitive(foreignKey, referenced.table);
  const index = new ReferenceIndex(
    join(context.tempFolder, `references-${context.place}`),
    (found, { file, row, line }) =>
      findings.of(file).addToRow({
        code: 'missing-reference',
        column: key.column,
        expected: describeReferenced(foreignKey, known),
        row,
        line,
        value: key.show(found),
        sensitive,
      }),
    context.limits,
  );
  for await (const { key: own, batch } of readReferenced(foreignKey, referenced, context)) {
    for (let at = 0; at < batch.length; at += 1) {
      const read = own.read(batch, at);
      if (read === undefined) known.unreadable += 1;
      if (!read) continue;
      known.keys += 1;
      index.addReferenced(read);
    }
    await index.relieve();
    context.onProgress({ bytes: 0, rows: known.keys });
  }
  return {
    add(file, batch) {
      for (let at = 0; at < batch.length; at += 1) {
        const read = key.read(batch, at);
        if (read) index.addReferring(read, placeIn(batch, at, file));
      }
      return index.relieve();
    },
    async finish() {
      await index.finish();
      return findings.list();
    },
  };
}

const isSensitive = (
  { references }: ForeignKey,
  { columns, processedColumns, curatedColumns }: Table,
): boolean =>
  [...columns, ...processedColumns, ...curatedColumns].some(
    ({ name, sensitive }) => sensitive && references.columns.includes(name),
  );
