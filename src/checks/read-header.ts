import { headerFolder, namesInFile, type HeaderPolicy } from '../definition/header-policy';
import type { Column } from '../definition/read-column';
import type { FindingCollector } from './collect-findings';
import { isSameName, matchLookAlikes } from './look-alikes';

/** Which column a name in a file is of, by its place in the table; undefined for a name that none has. */
export function columnFinder(
  columns: readonly Column[],
  policy: HeaderPolicy,
): (name: string) => number | undefined {
  const fold = headerFolder(policy);
  const claims = new Map<string, number>();
  columns.forEach((column, index) => {
    for (const name of namesInFile(column)) claims.set(fold(name), index);
  });
  return (name) => claims.get(fold(name));
}

/** The place of a column in the file; `null` when it has none and its values are null; undefined when it is missed. */
export type ColumnPlace = number | null | undefined;

interface ReadNames {
  /** By column of the table. */
  places: (number | undefined)[];
  unknown: Map<string, number>;
}

/** No two names may be of one column, nor the same: nobody could say which values count. */
function readNames(
  header: readonly string[],
  columns: readonly Column[],
  policy: HeaderPolicy,
  findings: FindingCollector,
): ReadNames {
  const find = columnFinder(columns, policy);
  const fold = headerFolder(policy);
  const places = new Array<number | undefined>(columns.length).fill(undefined);
  const unknown = new Map<string, number>();
  const unknownFolded = new Map<string, number>();
  header.forEach((name, place) => {
    const column = find(name);
    const first = column === undefined ? unknownFolded.get(fold(name)) : places[column];
    if (first !== undefined) {
      findings.addToFile('duplicate-column', {
        column: column === undefined ? name : (columns[column]?.name ?? name),
        received: `"${header[first] ?? ''}" (column ${first + 1}) and "${name}" (column ${place + 1})`,
      });
    } else if (column === undefined) {
      unknown.set(name, place);
      unknownFolded.set(fold(name), place);
    } else places[column] = place;
  });
  return { places, unknown };
}

/** Where unknown columns are ignored, one that was renamed would be lost in silence: its look-alike makes it missing. */
function dropAbsent(
  absent: readonly Column[],
  { unknown }: ReadNames,
  policy: HeaderPolicy,
): { missing: Column[]; alike: Map<number, string> } {
  const mayBeNull = (column: Column): boolean => policy.missing === 'null' && column.nullable;
  const missing = absent.filter(
    (column) =>
      !mayBeNull(column) ||
      namesInFile(column).some((name) => [...unknown.keys()].some((each) => isSameName(name, each))),
  );
  return { missing, alike: matchLookAlikes(missing.map(namesInFile), [...unknown.keys()]) };
}

function tellMissingAndUnknown(
  { unknown }: ReadNames,
  { missing, alike }: ReturnType<typeof dropAbsent>,
  policy: HeaderPolicy,
  findings: FindingCollector,
): void {
  const meant = new Map<string, string>();
  missing.forEach((column, index) => {
    const looksLike = alike.get(index);
    if (looksLike !== undefined) meant.set(looksLike, column.header);
    findings.addToFile('missing-column', {
      column: column.name,
      expected: `${namesInFile(column)
        .map((name) => `"${name}"`)
        .join(' or ')} in the header`,
      ...(looksLike === undefined ? {} : { looksLike }),
    });
  });
  if (policy.extra === 'ignore') return;
  for (const [name, place] of unknown) {
    const looksLike = meant.get(name);
    findings.addToFile('unknown-column', {
      column: name,
      received: `column ${place + 1}`,
      ...(looksLike === undefined ? {} : { looksLike }),
    });
  }
}

function checkOrder(
  header: readonly string[],
  { places }: ReadNames,
  columns: readonly Column[],
  findings: FindingCollector,
): void {
  const declared = columns.flatMap((column, index) =>
    places[index] === undefined ? [] : [{ column, index }],
  );
  const found = [...declared].sort((left, right) => (places[left.index] ?? 0) - (places[right.index] ?? 0));
  const wrong = declared.findIndex((each, place) => found[place] !== each);
  const expected = declared[wrong];
  const place = places[found[wrong]?.index ?? -1];
  if (expected === undefined || place === undefined) return;
  findings.addToFile('column-order', {
    expected: `"${expected.column.header}" as column ${place + 1}`,
    received: `"${header[place] ?? ''}"`,
  });
}

/**
 * Where each of the table's columns stands in the file, in the table's order. What the policy does not allow goes to
 * `findings`.
 */
export function readHeader(
  header: readonly string[],
  columns: readonly Column[],
  policy: HeaderPolicy,
  findings: FindingCollector,
): ColumnPlace[] {
  const names = readNames(header, columns, policy, findings);
  const absent = columns.filter((_column, index) => names.places[index] === undefined);
  const judged = dropAbsent(absent, names, policy);
  tellMissingAndUnknown(names, judged, policy, findings);
  if (policy.order === 'declared') checkOrder(header, names, columns, findings);
  const missing = new Set(judged.missing);
  return columns.map((column, index) => names.places[index] ?? (missing.has(column) ? undefined : null));
}
