import { addedColumns } from './added-columns';
import { glueType } from './column-type';
import { isDerived, type PublishedTable } from './derived-table';
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

const declaredGlueColumns = (columns: Table['processedColumns']): GlueColumn[] =>
  columns.map(({ name, type, description }) => ({
    name,
    type: glueType(type),
    ...(description === undefined ? {} : { comment: description }),
  }));

const toGlueColumns = (pipeline: NamesOfAdded, columns: Table['processedColumns']): GlueColumn[] => [
  ...declaredGlueColumns(columns),
  ...addedColumns(pipeline).map(({ name, comment }) => ({ name, type: 'string', comment })),
];

/** What a processed row holds, in its order: the table's columns, and those that Landfall adds. */
export const processedGlueColumns = (
  pipeline: NamesOfAdded,
  table: Pick<Table, 'processedColumns'>,
): GlueColumn[] => toGlueColumns(pipeline, table.processedColumns);

/** What a row holds that readers see, in its order; Landfall adds nothing to those that SQL gives. */
export const curatedGlueColumns = (pipeline: NamesOfAdded, table: PublishedTable): GlueColumn[] =>
  isDerived(table)
    ? declaredGlueColumns(table.curatedColumns)
    : [...toGlueColumns(pipeline, table.curatedColumns), LAND_TIMESTAMP_GLUE_COLUMN];
