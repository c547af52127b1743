import { createHash } from 'node:crypto';
import type { ParquetOptions } from '../../definition/curation';
import type { Table } from '../../definition/pipeline';

/** How a snapshot's Parquet files were made, beside their columns and order. */
export interface CurationShape extends ParquetOptions {
  /** Of the transform's own text, hexadecimal, which says nothing of what it calls. */
  transform?: string;
}

export const curationShapeOf = ({ parquet, curation }: Table): CurationShape => ({
  ...parquet,
  ...(curation && {
    transform: createHash('sha256').update(String(curation.apply)).digest('hex').slice(0, 12),
  }),
});
