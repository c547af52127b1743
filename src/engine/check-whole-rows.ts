import type { FindingCollector } from '../checks/collect-findings';
import type { Table } from '../definition/pipeline';
import type { DeclaredRowCheck } from '../definition/row-check';
import { DefinitionError } from '../errors';
import { compileRowDecoder } from './decode-row';
import { ignoreRejection, isPromise } from './is-promise';
import type { RowVerdict } from './table-row';

type Verdict = (row: Readonly<Record<string, unknown>>, place: string) => boolean;

function verdictOf({ name, check }: DeclaredRowCheck, table: Table): Verdict {
  const fail = (place: string, how: string, cause?: unknown): DefinitionError =>
    new DefinitionError(
      {
        happened: `The row check "${name}" of table "${table.name}" ${how} on ${place}.`,
        next: 'Mend the function, so that it returns true or false (not a promise) for every row.',
      },
      cause === undefined ? {} : { cause },
    );
  // The error's own words, and its stack, may hold any value of the row.
  const mayTell = !table.columns.some((column) => column.sensitive);
  return (row, place) => {
    let verdict: unknown;
    try {
      verdict = check(row);
    } catch (cause) {
      if (!mayTell)
        throw fail(place, 'failed (its message is kept back, since the table has sensitive columns)');
      throw fail(place, `failed with "${cause instanceof Error ? cause.message : String(cause)}"`, cause);
    }
    if (typeof verdict === 'boolean') return verdict;
    ignoreRejection(verdict);
    throw fail(place, `returned ${isPromise(verdict) ? 'a promise' : `a value of type ${typeof verdict}`}`);
  };
}

/** The values that a report shows: those of the columns that the check names and that are not sensitive. */
function samplerOf(
  { columns }: DeclaredRowCheck,
  table: Table,
): (row: Parameters<RowVerdict>[0]) => string | undefined {
  const shown = table.columns
    .map(({ name, sensitive }, place) => ({ name, sensitive, place }))
    .filter(({ name, sensitive }) => columns.includes(name) && !sensitive);
  if (shown.length === 0) return () => undefined;
  return ({ values }) => shown.map(({ name, place }) => `${name}: ${values[place] ?? 'null'}`).join(', ');
}

/**
 * Makes one verdict of the table's row checks, all of which are asked of a row; none where the table has none.
 * @throws DefinitionError when a check fails, or returns neither true nor false
 */
export function compileRowChecks(table: Table, findings: FindingCollector): RowVerdict | undefined {
  if (table.rowChecks.length === 0) return undefined;
  const decode = compileRowDecoder(table.columns);
  const checks = table.rowChecks.map((each) => ({
    ...each,
    verdict: verdictOf(each, table),
    sample: samplerOf(each, table),
  }));
  return (tableRow) => {
    const { row, line, values } = tableRow;
    const decoded = decode((place) => values[place]);
    let passed = true;
    for (const { name, message, verdict, sample } of checks) {
      if (verdict(decoded, line === 0 ? `row ${row}` : `row ${row} (line ${line})`)) continue;
      passed = false;
      const value = sample(tableRow);
      findings.addToRow({
        code: 'row-check',
        check: name,
        row,
        line,
        ...(value !== undefined && { value }),
        ...(message !== undefined && { expected: message }),
      });
    }
    return passed;
  };
}
