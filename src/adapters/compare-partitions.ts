import type { CataloguePartition, ListedPartition, PartitionChanges } from './catalogue';

/** What has to change for the registered partitions to be those that are wanted, with the table's columns and storage. */
export function comparePartitions(
  listed: readonly ListedPartition[],
  wanted: readonly CataloguePartition[],
): PartitionChanges {
  const stale = new Map(listed.map((each) => [idOf(each), each]));
  const [added, updated]: [CataloguePartition[], CataloguePartition[]] = [[], []];
  for (const partition of wanted) {
    const found = stale.get(idOf(partition));
    stale.delete(idOf(partition));
    if (!found) added.push(partition);
    else if (!found.isAsDeclared || found.location !== partition.location) updated.push(partition);
  }
  return { added, updated, removed: [...stale.values()] };
}

const idOf = ({ values }: CataloguePartition): string => JSON.stringify(values);
