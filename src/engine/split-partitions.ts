import { join } from 'node:path';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { Table } from '../definition/pipeline';
import type { Column } from '../definition/read-column';
import { TransformError } from '../errors';
import type { PartitionValues } from '../layout/object-keys';
import { partitionValue } from './polars-frame';
import type { HeldDelivery } from './tasks';

/** The rows of one partition, in their order, without the columns that its folders stand for. */
export interface PartitionRows {
  partition: PartitionValues;
  frame: LazyDataFrame;
  rows: number;
  /** In rising order; of those that have rows in it. */
  deliveries: Pick<HeldDelivery, 'fileLandTimestamp' | 'rows'>[];
}

// More files of one part than this would each be hardly more than their own footer.
const MOST_FOLDERS = 10_000;
/** Hive escapes these in the name of a folder, where Athena's projection does not; a comma ends a value there. */
const NO_FOLDER = /[\p{Cc}"#%'*/:=?\\{}[\]^,$]|^[\s.]|\s$|^$/u;

interface Splitting {
  table: Pick<Table, 'name' | 'partitionBy' | 'sortBy'>;
  columns: readonly Column[];
  tempFolder: string;
  /** By which its rows are counted, delivery by delivery; undefined of rows that are of none. */
  timestamp: string | undefined;
  /** Where a value that cannot be a folder is to be mended. */
  maker: string;
  /** Whether no value may be told. */
  isSensitive: boolean;
}

/**
 * Splits rows by their partition columns. All of them go through one file of the task's own, sorted.
 * @returns in the order of the folders; none where there are no rows
 * @throws TransformError where a value is null, or cannot be the name of a folder
 */
export async function splitPartitions(
  frames: readonly LazyDataFrame[],
  splitting: Splitting,
): Promise<PartitionRows[]> {
  const { table, columns, tempFolder } = splitting;
  const { partitionBy, sortBy } = table;
  const path = join(tempFolder, 'sorted.parquet');
  const [first] = frames;
  const whole = first && frames.length === 1 ? first : pl.concat([...frames]);
  const sorted = whole.sort([...partitionBy, ...sortBy], false, false, true);
  await sorted.sinkParquet(path, { compression: 'lz4', maintainOrder: true }).collect();
  const counted = await countByPartition(path, splitting);
  const kept = columns.filter(({ name }) => !partitionBy.includes(name)).map(({ name }) => pl.col(name));
  return counted.map((each) => {
    const isOfPartition = partitionBy
      .map((name) => pl.col(name).eq(partitionValue(columnOf(columns, name), each.partition[name] as string)))
      .reduce((all, one) => all.and(one));
    return {
      ...each,
      frame: pl
        .scanParquet(path)
        .filter(isOfPartition)
        .select(...kept),
    };
  });
}

const columnOf = (columns: readonly Column[], name: string): Column =>
  columns.find((column) => column.name === name) as Column;

async function countByPartition(path: string, splitting: Splitting): Promise<Omit<PartitionRows, 'frame'>[]> {
  const { table, timestamp } = splitting;
  const { partitionBy } = table;
  const by = [...partitionBy, ...(timestamp === undefined ? [] : [timestamp])];
  const counted = await pl
    .scanParquet(path)
    .groupBy(by)
    .agg(pl.len().alias('landfall_rows'))
    .sort(by)
    .select(
      ...partitionBy.map((name) => pl.col(name).cast(pl.Utf8)),
      ...(timestamp === undefined ? [] : [timestamp]),
      'landfall_rows',
    )
    .collect();
  const found = new Map<string, Omit<PartitionRows, 'frame'>>();
  for (let at = 0; at < counted.height; at += 1) {
    const read = (name: string): unknown => counted.getColumn(name).get(at) as unknown;
    const partition = Object.fromEntries(
      partitionBy.map((name) => [name, requireFolder(splitting, name, read(name))]),
    );
    const key = JSON.stringify(partition);
    const entry = found.get(key) ?? { partition, rows: 0, deliveries: [] };
    found.set(key, entry);
    if (found.size > MOST_FOLDERS) throw tooMany(table);
    const rows = Number(read('landfall_rows'));
    entry.rows += rows;
    if (timestamp !== undefined) entry.deliveries.push({ fileLandTimestamp: Number(read(timestamp)), rows });
  }
  return [...found.values()];
}

function requireFolder({ table, maker, isSensitive }: Splitting, name: string, value: unknown): string {
  if (typeof value === 'string' && !NO_FOLDER.test(value)) return value;
  const found =
    typeof value === 'string'
      ? `${isSensitive ? 'a value' : `the value ${JSON.stringify(value.slice(0, 100))}`}, which cannot be the name of a folder`
      : 'a null, for which there is no folder';
  throw new TransformError({
    happened: `Table "${table.name}": column "${name}", by which it is partitioned, has ${found}.`,
    unchanged: UNCHANGED,
    next: `Make a column of values that can be one (not empty, without spaces or a dot in front, and none of "#%'*/:=?\\{}[]^,$ or control characters) in ${maker}, and name that in partitionBy.`,
  });
}

const tooMany = ({ name, partitionBy }: Splitting['table']): TransformError =>
  new TransformError({
    happened: `Table "${name}": ${partitionBy.join(', ')}, by which it is partitioned, ${partitionBy.length > 1 ? 'have' : 'has'} more than ${MOST_FOLDERS} values in one part.`,
    unchanged: UNCHANGED,
    next: 'Partition by something coarser, such as the year of a date; sortBy lets readers skip rows of finer values.',
  });

const UNCHANGED = 'Nothing was published: readers see what they saw.';
