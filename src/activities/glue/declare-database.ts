import type { CatalogueColumn, CatalogueDatabase, CatalogueTable } from '../../adapters/catalogue';
import { curatedGlueColumns } from '../../definition/glue-columns';
import { publishedTables, type PublishedTable } from '../../definition/derived-table';
import type { Pipeline } from '../../definition/pipeline';
import { snapshotPrefix, type PartitionValues } from '../../layout/object-keys';
import { declarePartitions } from './project-partitions';

/** What of a table's declaration follows from its data. */
export interface TableContent {
  snapshot: string;
  rows: string;
  /** The image's tag. */
  version: string;
  /** Of the latest delivery that is in it; empty where none is. */
  fileLandTimestamp: string;
  /** Of its files, in any order; none of a table without partitions. */
  partitions: readonly PartitionValues[];
}

/** What Glue is to hold: the pipeline's tables in their order, then those that are derived, each with its content. */
export function declareDatabase(pipeline: Pipeline, contents: readonly TableContent[]): CatalogueDatabase {
  const tables = publishedTables(pipeline);
  return {
    name: pipeline.database,
    ...(pipeline.description === undefined ? {} : { description: pipeline.description }),
    tables: contents.map((content, place) =>
      declareTable(pipeline, tables[place] as PublishedTable, content),
    ),
  };
}

function declareTable(
  pipeline: Pipeline,
  table: PublishedTable,
  { snapshot, rows, version, fileLandTimestamp, partitions: values }: TableContent,
): CatalogueTable {
  const columns = curatedGlueColumns(pipeline, table);
  const isInFiles = ({ name }: CatalogueColumn): boolean => !table.partitionBy.includes(name);
  const location = `s3://${pipeline.areas.curated}/${snapshotPrefix(pipeline, table.name, snapshot)}`;
  const { parameters, partitions } = declarePartitions(table, location, values);
  const keyIsCurated = table.primaryKey.every((name) => columns.some((column) => column.name === name));
  return {
    name: table.name,
    ...(table.description === undefined ? {} : { description: table.description }),
    columns: columns.filter(isInFiles),
    partitionKeys: table.partitionBy.flatMap((name) => columns.filter((column) => column.name === name)),
    location,
    ...(table.partitionBy.length > 0 && { partitions }),
    parameters: {
      'landfall.pipeline': pipeline.name,
      'landfall.version': version,
      'landfall.snapshot': snapshot,
      'landfall.file_land_timestamp': fileLandTimestamp,
      'landfall.rows': rows,
      ...(table.primaryKey.length > 0 && keyIsCurated ? { primary_key: table.primaryKey.join(',') } : {}),
      ...parameters,
    },
  };
}
