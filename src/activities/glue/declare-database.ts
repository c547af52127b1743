import type { CatalogueDatabase, CatalogueTable } from '../../adapters/catalogue';
import { curatedGlueColumns } from '../../definition/glue-columns';
import type { Pipeline, Table } from '../../definition/pipeline';
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
  const columns = curatedGlueColumns(pipeline, table);
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
