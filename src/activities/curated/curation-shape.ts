import { createHash } from 'node:crypto';
import type { DeclaredUpsert, ParquetOptions } from '../../definition/curation';
import { isDerived, type PublishedTable } from '../../definition/derived-table';

/** How a snapshot's Parquet files were made, beside their columns and order. */
export interface CurationShape extends Omit<ParquetOptions, 'maxSourceBytes'> {
  /** Of a derived table there is none. */
  maxSourceBytes?: number;
  /** Absent where it is processed. */
  source?: string;
  /** Of the transform's own text, hexadecimal, which says nothing of what it calls. */
  transform?: string;
  /** By which key, and what deletes. */
  upsert?: string;
  /** Of a derived table: the tables that it reads. */
  from?: string;
  /** Of its text, hexadecimal. */
  sql?: string;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

export const curationShapeOf = (table: PublishedTable): CurationShape =>
  isDerived(table)
    ? { ...table.parquet, from: table.from.join(', '), sql: digest(table.sql) }
    : {
        ...table.parquet,
        ...(table.source !== 'processed' && { source: table.source }),
        ...(table.curation && { transform: digest(String(table.curation.apply)) }),
        ...(table.upsert && { upsert: describeUpsert(table.upsert) }),
      };

const describeUpsert = ({ key, deletedWhere }: DeclaredUpsert): string =>
  `by ${key.join(', ')}${deletedWhere === undefined ? '' : `, deleted where ${deletedWhere}`}`;
