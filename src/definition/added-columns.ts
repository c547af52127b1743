import type { Pipeline } from './pipeline';

/** A column that Landfall adds to every processed row, behind the table's own. */
export interface AddedColumn {
  name: string;
  holds: 'version' | 'sourceFile';
  /** For whoever reads the table. */
  comment: string;
  /** Whether rows of earlier releases have no value in it. */
  nullable: boolean;
}

/** In the order in which processed and curated rows have them. */
export function addedColumns({
  versionColumn,
  sourceFileColumn,
}: Pick<Pipeline, 'versionColumn' | 'sourceFileColumn'>): AddedColumn[] {
  const version: AddedColumn = {
    name: versionColumn,
    holds: 'version',
    comment: 'Tag of the image that processed the row',
    nullable: false,
  };
  if (sourceFileColumn === undefined) return [version];
  const comment = 'Name of the file that the row landed in';
  return [version, { name: sourceFileColumn, holds: 'sourceFile', comment, nullable: true }];
}
