import { z } from 'zod';
import { COMPRESSIONS } from './curation';
import { columnsSchema } from './table-schema';

/** What a derived table may say, key by key. */
export const derivedTableSchema = z.strictObject({
  description: z.string().optional(),
  from: z.array(z.string()).min(1, 'must name at least one table'),
  columns: columnsSchema,
  sql: z.string().regex(/\S/, 'must be a SELECT'),
  primaryKey: z.array(z.string()).min(1).optional(),
  partitionBy: z.array(z.string()).min(1).optional(),
  sortBy: z.array(z.string()).optional(),
  compression: z.enum(COMPRESSIONS).optional(),
  rowGroupRows: z.int().min(1).optional(),
  statistics: z.boolean().optional(),
});
