import { curationShapeOf } from '../activities/curated/curation-shape';
import type { PartShape } from '../activities/curated/part-shape';
import type { SnapshotRecord } from '../activities/curated/snapshot-record';
import { compareEntries, type TableDifference } from '../activities/glue/compare-databases';
import type { PublishedTable } from '../definition/derived-table';

type Order = Pick<PartShape, 'sortBy' | 'partitionBy'>;

const toEntries = (made: object, { sortBy, partitionBy = [] }: Order): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(made).map(([option, value]) => [option, String(value)])),
  ...(sortBy.length > 0 && { sortBy: sortBy.join(', ') }),
  ...(partitionBy.length > 0 && { partitionBy: partitionBy.join(', ') }),
});

/** How a published table's files would be made otherwise today, beside their columns; of nothing that is not recorded. */
export function compareCuration(
  table: PublishedTable,
  { curation, shape }: SnapshotRecord,
): TableDifference[] {
  if (!curation || !shape) return [];
  return compareEntries('curated', toEntries(curation, shape), toEntries(curationShapeOf(table), table));
}
