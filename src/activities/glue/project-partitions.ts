import type { CataloguePartition } from '../../adapters/catalogue';
import type { Column } from '../../definition/read-column';
import type { PublishedTable } from '../../definition/derived-table';
import { TransformError } from '../../errors';
import { partitionFolder, type PartitionValues } from '../../layout/object-keys';

/** As many folders as Athena works out for a query that does not name a partition. */
const MOST_PROJECTED = 100_000;
const MOST_PARTITIONS = 10_000;
const DAY_MS = 86_400_000;

/** What a table's parameters say, and what is registered, of the partitions that a snapshot has. */
export interface DeclaredPartitions {
  parameters: Record<string, string>;
  partitions: CataloguePartition[];
}

/**
 * Partitions twice over: as a projection, which moves with the table's pointer in one step, for Athena and whoever knows it; and
 * registered one by one, for the others.
 * @param location of the table, `s3://…/`
 * @param all in any order, each once or more; none where the snapshot is without rows
 * @throws TransformError where there are too many
 */
export function declarePartitions(
  table: PublishedTable,
  location: string,
  all: readonly PartitionValues[],
): DeclaredPartitions {
  const distinct = new Map(all.map((values) => [partitionFolder(values), values]));
  if (distinct.size === 0) return { parameters: {}, partitions: [] };
  const folders = [...distinct].sort(([a], [b]) => (a < b ? -1 : 1));
  const projections = table.partitionBy.map((name) =>
    project(
      table.curatedColumns.find((column) => column.name === name) as Column,
      folders.map(([, values]) => values[name] as string),
    ),
  );
  const projected = projections.reduce((product, { count }) => product * count, 1);
  if (folders.length > MOST_PARTITIONS || projected > MOST_PROJECTED)
    throw tooMany(table, folders.length, projected);
  return {
    parameters: Object.assign(
      {
        'projection.enabled': 'true',
        'storage.location.template': `${location}${table.partitionBy.map((name) => `${name}=\${${name}}/`).join('')}`,
      },
      ...projections.map(({ parameters }) => parameters),
    ) as Record<string, string>,
    partitions: folders.map(([folder, values]) => ({
      values: table.partitionBy.map((name) => values[name] as string),
      location: `${location}${folder}`,
    })),
  };
}

/** `count`: of the values that readers try, some of which may be of no folder. */
function project(
  { name, type }: Column,
  values: readonly string[],
): { parameters: Record<string, string>; count: number } {
  const of = (entries: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(entries).map(([key, value]) => [`projection.${name}.${key}`, value]));
  if (type.name === 'string') {
    const distinct = [...new Set(values)].sort();
    return { parameters: of({ type: 'enum', values: distinct.join(',') }), count: distinct.length };
  }
  if (type.name === 'date') {
    const days = [...new Set(values)].sort();
    const [first, last] = [days[0] as string, days.at(-1) as string];
    const count = (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
    const step = { interval: '1', 'interval.unit': 'DAYS' };
    return {
      parameters: of({ type: 'date', format: 'yyyy-MM-dd', range: `${first},${last}`, ...step }),
      count,
    };
  }
  const numbers = values.map(Number);
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const most = numbers.reduce((a, b) => Math.max(a, b));
  return { parameters: of({ type: 'integer', range: `${least},${most}` }), count: most - least + 1 };
}

const tooMany = (
  { name, partitionBy }: PublishedTable,
  partitions: number,
  projected: number,
): TransformError =>
  new TransformError({
    happened: `Table "${name}" would have ${partitions} partitions by ${partitionBy.join(', ')}, among ${projected} that readers would try (every value with every other, numbers and days from the first to the last). At most ${MOST_PARTITIONS}, among ${MOST_PROJECTED}, are published.`,
    unchanged: 'Nothing was published: readers see what they saw.',
    next: 'Partition by something coarser, such as the year of a date, or by a string where numbers lie far apart; curated.sortBy lets readers skip rows of finer values.',
  });
