import { rm } from 'node:fs/promises';
import pl, { type DataType, type LazyDataFrame } from 'nodejs-polars';
import { isNested } from '../definition/column-type';
import { csv, jsonLines, type Format } from '../definition/format';
import type { Column } from '../definition/read-column';
import { innerOf } from './polars-frame';

/** How the rows of a transform are written until they are read back: CSV has no arrays. */
export const transformedFormat = (columns: readonly Column[]): Format =>
  columns.some(({ type }) => isNested(type)) ? jsonLines() : csv();

/** The same type with text for every float: JSON has no NaN and no infinity, and Polars would write null for them. */
function withFloatsAsText(type: DataType): DataType {
  switch (type.variant) {
    case 'Float32':
    case 'Float64':
      return pl.Utf8;
    case 'List':
    case 'FixedSizeList':
      return pl.List(withFloatsAsText((innerOf(type) as DataType[])[0] as DataType));
    case 'Struct':
      return pl.Struct(
        (innerOf(type) as { name: string; dtype: DataType }[]).map(
          ({ name, dtype }) => new pl.Field(name, withFloatsAsText(dtype)),
        ),
      );
    default:
      return type;
  }
}

/**
 * Writes what a transform gave, in the declared order of columns and as Polars has it, never cast to what is declared,
 * so that reading it back strictly finds whatever the declaration does not allow.
 */
export async function writeTransformed(
  frame: LazyDataFrame,
  path: string,
  columns: readonly Column[],
): Promise<void> {
  const selected = frame.select(...columns.map(({ name }) => pl.col(name)));
  if (transformedFormat(columns).name === 'csv') {
    await selected.sinkCSV(path, { maintainOrder: true }).collect();
    return;
  }
  // A lazy frame does not tell its types; a file of its rows does, without making them again.
  const typedPath = `${path}.parquet`;
  await selected.sinkParquet(typedPath, { maintainOrder: true }).collect();
  const typed = pl.scanParquet(typedPath);
  const types = (await typed.limit(0).collect()).schema as Record<string, DataType>;
  const asText = columns.map(({ name }) => {
    const type = types[name] as DataType;
    return pl.col(name).cast(withFloatsAsText(type), true);
  });
  await typed
    .select(...asText)
    .sinkNdJson(path, { maintainOrder: true })
    .collect();
  await rm(typedPath);
}
