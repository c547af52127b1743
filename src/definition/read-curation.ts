import { DefinitionError } from '../errors';
import { innerColumns, type ColumnTypeName } from './column-type';
import type { Columns } from './column';
import type { CurationTransform, DeclaredCuration } from './curation';
import { readColumn, type Column, type ColumnRule } from './read-column';
import type { TableMode } from './table';

const BITS: Partial<Record<ColumnTypeName, bigint>> = { int8: 8n, int16: 16n, int32: 32n, int64: 64n };

/** Whether every value of the type holds it anyhow. */
function isOfType(rule: ColumnRule, type: ColumnTypeName): boolean {
  const bits = BITS[type];
  if (bits === undefined || !('value' in rule)) return false;
  const most = 2n ** (bits - 1n);
  return rule.value === String(rule.rule === 'min' ? -most : most - 1n);
}

/** What of a column is asked of rows that land, or read from files: none of it would be done here. */
function lostOption(column: Column): string | undefined {
  const rule = column.rules.find((each) => !isOfType(each, column.type.name));
  if (rule) return `the rule ${rule.rule}`;
  if (column.refinement) return 'a refinement';
  if (column.unique) return 'unique';
  if (column.header !== column.name && column.name !== '[]') return 'header';
  if (column.aliases.length > 0) return 'alias';
  if (column.nullTexts.join() !== '') return 'nullTexts';
  return innerColumns(column.type)
    .map(lostOption)
    .find((option) => option !== undefined);
}

/** @param of where the columns are declared, in words */
export function refuseLostOptions(where: string, column: Column, of: string): void {
  const lost = lostOption(column);
  if (lost === undefined) return;
  throw new DefinitionError({
    happened: `${where}: column "${column.name}" of ${of} has ${lost}, which is not asked of rows there.`,
    next: `Give columns of ${of} a type, .nullable(), a description; ask for values in columns, or in the columns of the table’s transform (F2).`,
  });
}

/**
 * Reads what a curation's transform gives.
 * @throws DefinitionError when it cannot be held to what it declares
 */
export function readCuration(
  where: string,
  mode: TableMode,
  transform: CurationTransform<Columns, Columns>,
): DeclaredCuration {
  if (mode === 'delta') {
    throw new DefinitionError({
      happened: `${where}: curated.transform and mode 'delta' cannot go together. In mode 'delta' rows are taken back from what is published, where they would be transformed already; a change of the transform could never reach them.`,
      next: "Transform the rows before they are processed (the table's own transform, F2), which mode 'delta' keeps as it is; or take mode 'rebuild'. In mode 'delta' curated may have sortBy, partitionBy, upsert, compression, rowGroupRows, statistics and maxSourceBytes.",
    });
  }
  const columns = Object.entries(transform.columns).map(([name, schema]) => readColumn(name, schema));
  for (const column of columns) refuseLostOptions(where, column, 'curated.transform');
  const { apply } = transform;
  return { columns, apply };
}
