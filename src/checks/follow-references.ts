import type { Table } from '../definition/pipeline';
import type { Finding } from './finding';

const tablesOf = (findings: readonly Finding[]): Set<string | undefined> =>
  new Set(findings.map(({ table }) => table));

type Referring = Pick<Table, 'name' | 'foreignKeys'>;

/**
 * Where tables are refused one by one: rows that were found in a table of which nothing moves on are not there to be
 * referred to, so what looks for them in this delivery is refused too, and what looks for that.
 *
 * @param tables those that have a file in the delivery
 * @returns the findings that follow from `found`
 */
export function followReferences(tables: readonly Referring[], found: readonly Finding[]): Finding[] {
  const landed = new Set(tables.map(({ name }) => name));
  const followed: Finding[] = [];
  for (let before = -1; before !== followed.length;) {
    before = followed.length;
    const refused = tablesOf([...found, ...followed]);
    for (const { name, foreignKeys } of tables) {
      const key = foreignKeys.find(
        ({ in: scope, references }) =>
          scope !== 'published' && landed.has(references.table) && refused.has(references.table),
      );
      if (key === undefined || refused.has(name)) continue;
      followed.push({
        code: 'reference-left-out',
        table: name,
        column: key.columns.join(', '),
        expected: `rows of table ${key.references.table}, of which nothing of this delivery moves on`,
        count: 1,
        samples: [],
      });
    }
  }
  return followed;
}
