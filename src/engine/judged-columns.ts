import { mapInner } from '../definition/column-type';
import type { Table } from '../definition/pipeline';
import type { Column } from '../definition/read-column';

const hidden = (column: Column): Column => ({
  ...column,
  sensitive: true,
  type: mapInner(column.type, hidden),
});

/** Whether anything of the table is sensitive, before or after its transforms. */
export const holdsSensitive = ({ columns, processedColumns, curatedColumns }: Table): boolean =>
  [...columns, ...processedColumns, ...curatedColumns].some(({ sensitive }) => sensitive);

/** The columns of what a transform gives, none of whose values is told where one of a sensitive column may be among them. */
export const judgedColumns = ({ columns, processedColumns }: Table): readonly Column[] =>
  columns.some(({ sensitive }) => sensitive) ? processedColumns.map(hidden) : processedColumns;
