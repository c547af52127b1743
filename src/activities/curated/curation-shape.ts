import { createHash } from 'node:crypto';
import type { DeclaredUpsert, ParquetOptions } from '../../definition/curation';
import type { Table } from '../../definition/pipeline';

/** How a snapshot's Parquet files were made, beside their columns and order. */
export interface CurationShape extends ParquetOptions {
  /** Of the transform's own text, hexadecimal, which says nothing of what it calls. */
  transform?: string;
  /** By which key, and what deletes. */
  upsert?: string;
}

export const curationShapeOf = ({ parquet, curation, upsert }: Table): CurationShape => ({
  ...parquet,
  ...(curation && {
    transform: createHash('sha256').update(String(curation.apply)).digest('hex').slice(0, 12),
  }),
  ...(upsert && { upsert: describeUpsert(upsert) }),
});

const describeUpsert = ({ key, deletedWhere }: DeclaredUpsert): string =>
  `by ${key.join(', ')}${deletedWhere === undefined ? '' : `, deleted where ${deletedWhere}`}`;
