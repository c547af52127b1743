import { addedColumns } from './added-columns';
import { glueType } from './column-type';
import { LAND_TIMESTAMP_COLUMN, type Pipeline, type Table } from './pipeline';

/** A column as Glue and its readers have it. */
export interface GlueColumn {
  name: string;
  /** A Glue type, such as `decimal(12,2)`. */
  type: string;
  comment?: string;
}

export const LAND_TIMESTAMP_GLUE_COLUMN: GlueColumn = {
  name: LAND_TIMESTAMP_COLUMN,
  type: 'bigint',
  comment: 'When the row landed, in UTC epoch seconds',
};

type NamesOfAdded = Pick<Pipeline, 'versionColumn' | 'sourceFileColumn'>;

const toGlueColumns = (pipeline: NamesOfAdded, columns: Table['processedColumns']): GlueColumn[] => [
  ...columns.map(({ name, type, description }) => ({
    name,
    type: glueType(type),
    ...(description === undefined ? {} : { comment: description }),
  })),
  ...addedColumns(pipeline).map(({ name, comment }) => ({ name, type: 'string', comment })),
];

/** What a processed row holds, in its order: the table's columns, and those that Landfall adds. */
export const processedGlueColumns = (
  pipeline: NamesOfAdded,
  table: Pick<Table, 'processedColumns'>,
): GlueColumn[] => toGlueColumns(pipeline, table.processedColumns);

/** What a curated row holds, in its order. */
export const curatedGlueColumns = (
  pipeline: NamesOfAdded,
  table: Pick<Table, 'curatedColumns'>,
): GlueColumn[] => [...toGlueColumns(pipeline, table.curatedColumns), LAND_TIMESTAMP_GLUE_COLUMN];
