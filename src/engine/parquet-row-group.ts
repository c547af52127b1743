import type { Codecs } from './parquet-codecs';
import { ParquetColumn } from './parquet-column';
import { malformed } from './parquet-fault';
import type { ParquetFile } from './parquet-file';
import type { ChunkMetadata } from './parquet-library';
import { ParquetNestedColumn } from './parquet-nested-column';
import type { ParquetLeaf, PlannedColumn } from './parquet-plan';

type RowGroup = ParquetFile['metadata']['row_groups'][number];

/** Paths have any characters. */
const keyOf = (path: readonly string[]): string => JSON.stringify(path);

function findChunks({ columns }: RowGroup): Map<string, ChunkMetadata> {
  const found = new Map<string, ChunkMetadata>();
  for (const { meta_data: chunk } of columns) {
    const key = chunk && keyOf(chunk.path_in_schema);
    if (chunk && key !== undefined && !found.has(key)) found.set(key, chunk);
  }
  return found;
}

/** How many values the file says that it has in the columns that are read. */
export function countValues(
  { row_groups: groups }: ParquetFile['metadata'],
  places: readonly (PlannedColumn | undefined)[],
): number {
  const leaves = places.flatMap((place) => place?.leaves ?? []);
  return groups.reduce((sum, group) => {
    const chunks = findChunks(group);
    return leaves.reduce(
      (all, { node }) => all + Number(chunks.get(keyOf(node.path))?.num_values ?? 0n),
      sum,
    );
  }, 0);
}

/**
 * The columns of a row group, each at its first row.
 * @throws ParquetFault when one has another number of values than the row group has rows
 */
export function openRowGroup(
  file: ParquetFile,
  group: RowGroup,
  codecs: Codecs,
  places: readonly (PlannedColumn | undefined)[],
  mostInRow: number,
): (ParquetColumn | ParquetNestedColumn | undefined)[] {
  const chunks = findChunks(group);
  const openLeaf = ({ node, toText }: ParquetLeaf): ParquetColumn => {
    const chunk = chunks.get(keyOf(node.path));
    const isOfRows =
      chunk &&
      (node.repetition === 0 ? chunk.num_values === group.num_rows : chunk.num_values >= group.num_rows);
    if (!isOfRows || chunk.type !== node.element.type)
      throw malformed(
        `column "${node.path.join('.')}" has another number of values than its row group has rows`,
      );
    return new ParquetColumn(file.read, codecs, chunk, node, toText, file.dataEnd);
  };
  return places.map((place) => {
    if (!place) return undefined;
    const leaves = place.leaves.map(openLeaf);
    const [only] = leaves;
    return place.plan.kind === 'value' ? only : new ParquetNestedColumn(place.plan, leaves, mostInRow);
  });
}
