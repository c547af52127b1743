import type { Column } from '../definition/read-column';
import type { FindingCollector } from './collect-findings';

/**
 * Where each of the table's columns stands in the file, in the table's order; -1 for one that is missing. The file's
 * own order is free; names are compared exactly.
 */
export function readHeader(
  header: readonly string[],
  columns: readonly Column[],
  findings: FindingCollector,
): number[] {
  const places = new Map<string, number>();
  header.forEach((name, place) => {
    const first = places.get(name);
    if (first === undefined) places.set(name, place);
    else
      findings.addToFile('duplicate-column', {
        column: name,
        received: `columns ${first + 1} and ${place + 1}`,
      });
  });
  for (const { name, header: expected } of columns) {
    if (!places.has(expected)) {
      findings.addToFile('missing-column', { column: name, expected: `"${expected}" in the header` });
    }
  }
  const known = new Set(columns.map((column) => column.header));
  for (const [name, place] of places) {
    if (!known.has(name)) {
      findings.addToFile('unknown-column', { column: name, received: `column ${place + 1}` });
    }
  }
  return columns.map((column) => places.get(column.header) ?? -1);
}
