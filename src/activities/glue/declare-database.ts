import type { CatalogueColumn, CatalogueDatabase, CatalogueTable } from '../../adapters/catalogue';
import { addedColumns } from '../../definition/added-columns';
import { glueType } from '../../definition/column-type';
import { LAND_TIMESTAMP_COLUMN, type Pipeline, type Table } from '../../definition/pipeline';
import { snapshotPrefix } from '../../layout/object-keys';

/** What of a table's declaration follows from its data. */
export interface TableContent {
  snapshot: string;
  rows: string;
  /** The image's tag. */
  version: string;
  /** Of the latest delivery that is in it; empty where none is. */
  fileLandTimestamp: string;
}

/** What Glue is to hold: the pipeline's tables in their order, each with its content. */
export function declareDatabase(pipeline: Pipeline, contents: readonly TableContent[]): CatalogueDatabase {
  return {
    name: pipeline.database,
    ...(pipeline.description === undefined ? {} : { description: pipeline.description }),
    tables: contents.map((content, place) =>
      declareTable(pipeline, pipeline.tables[place] as Table, content),
    ),
  };
}

function declareTable(
  pipeline: Pipeline,
  table: Table,
  { snapshot, rows, version, fileLandTimestamp }: TableContent,
): CatalogueTable {
  const columns: CatalogueColumn[] = table.processedColumns.map(({ name, type, description }) => ({
    name,
    type: glueType(type),
    ...(description === undefined ? {} : { comment: description }),
  }));
  columns.push(...addedColumns(pipeline).map(({ name, comment }) => ({ name, type: 'string', comment })), {
    name: LAND_TIMESTAMP_COLUMN,
    type: 'bigint',
    comment: 'When the row landed, in UTC epoch seconds',
  });
  const keyIsCurated = table.primaryKey.every((name) => columns.some((column) => column.name === name));
  return {
    name: table.name,
    ...(table.description === undefined ? {} : { description: table.description }),
    columns,
    partitionKeys: [],
    location: `s3://${pipeline.areas.curated}/${snapshotPrefix(pipeline, table.name, snapshot)}`,
    parameters: {
      'landfall.pipeline': pipeline.name,
      'landfall.version': version,
      'landfall.snapshot': snapshot,
      'landfall.file_land_timestamp': fileLandTimestamp,
      'landfall.rows': rows,
      ...(table.primaryKey.length > 0 && keyIsCurated ? { primary_key: table.primaryKey.join(',') } : {}),
    },
  };
}
