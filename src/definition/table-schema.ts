import { isRegExp } from 'node:util/types';
import { z } from 'zod';
import type { Columns } from './column';
import { COMPRESSIONS, CURATION_SOURCES } from './curation';
import { formatSchema } from './format-schema';
import { folderName, glueName } from './name-schemas';
import type { RowCheck } from './row-check';
import { deliveryVolumesSchema, historySchema } from './volume-schemas';

const count = z.int().min(0);
const atLeastOne = z.int().min(1);

// Smaller ones would be more requests than content.
const SMALLEST_OBJECT_BYTES = 1024 ** 2;
const amounts = { min: count.optional(), max: count.optional() };
const isRange = ({ min = 1, max = min }: { min?: number | undefined; max?: number | undefined }): boolean =>
  min <= max;
const NO_RANGE = 'must have a max that is not below its min (1, where it is not given)';

export const columnsSchema = z
  .record(
    glueName,
    z.custom<z.ZodType>((value) => value instanceof z.ZodType, 'must be a column'),
  )
  .refine((columns) => Object.keys(columns).length > 0, 'must have at least one column');
/** What a table may say, key by key. */
export const tableSchema = z.strictObject({
  description: z.string().optional(),
  folder: folderName.optional(),
  files: z
    .strictObject({
      name: z.custom<RegExp>(isRegExp, 'must be a regular expression').optional(),
      required: z.boolean().optional(),
      ...amounts,
      minBytes: count.optional(),
      maxBytes: count.optional(),
    })
    .refine(isRange, NO_RANGE)
    .refine(
      ({ minBytes = 0, maxBytes = minBytes }) => minBytes <= maxBytes,
      'must have a maxBytes that is not below its minBytes',
    )
    .optional(),
  format: formatSchema.optional(),
  columns: columnsSchema,
  header: z
    .strictObject({
      order: z.enum(['any', 'declared']).optional(),
      case: z.enum(['exact', 'ignore']).optional(),
      missing: z.enum(['refuse', 'null']).optional(),
      extra: z.enum(['refuse', 'ignore']).optional(),
    })
    .optional(),
  primaryKey: z.array(z.string()).min(1).optional(),
  rowChecks: z
    .array(
      z.strictObject({
        name: z.string().min(1, 'must have a name'),
        columns: z.array(z.string()).optional(),
        check: z.custom<RowCheck<Columns>['check']>(
          (value) => typeof value === 'function',
          'must be a function',
        ),
        message: z.string().optional(),
      }),
    )
    .optional(),
  foreignKeys: z
    .array(
      z.strictObject({
        columns: z.array(z.string()).min(1),
        references: z.strictObject({ table: z.string(), columns: z.array(z.string()).min(1) }),
        in: z.enum(['delivery', 'published', 'either']),
      }),
    )
    .optional(),
  rows: z.strictObject(amounts).refine(isRange, NO_RANGE).optional(),
  rejects: z
    .strictObject({ maxRows: count.optional(), maxShare: z.number().min(0).max(1).optional() })
    .refine(
      ({ maxRows, maxShare }) => maxRows !== undefined || maxShare !== undefined,
      'must say how many: maxRows, maxShare or both',
    )
    .optional(),
  delivery: deliveryVolumesSchema.optional(),
  history: historySchema.optional(),
  transform: z
    .strictObject({
      columns: columnsSchema,
      rows: z.enum(['kept', 'changed']).optional(),
      apply: z.custom((value) => typeof value === 'function', 'must be a function').optional(),
      row: z.custom((value) => typeof value === 'function', 'must be a function').optional(),
    })
    .refine(
      ({ apply, row }) => (apply === undefined) !== (row === undefined),
      'must have either apply, a function of frames, or row, a function of single rows',
    )
    .optional(),
  mode: z.enum(['rebuild', 'delta']).optional(),
  processed: z.strictObject({ objectBytes: z.int().min(SMALLEST_OBJECT_BYTES).optional() }).optional(),
  curated: z
    .strictObject({
      source: z.enum(CURATION_SOURCES).optional(),
      transform: z
        .strictObject({
          columns: columnsSchema,
          apply: z.custom((value) => typeof value === 'function', 'must be a function of frames'),
        })
        .optional(),
      partitionBy: z.array(z.string()).min(1).optional(),
      upsert: z.union([z.literal(true), z.strictObject({ deletedWhere: z.string() })]).optional(),
      sortBy: z.array(z.string()).optional(),
      compression: z.enum(COMPRESSIONS).optional(),
      rowGroupRows: atLeastOne.optional(),
      statistics: z.boolean().optional(),
      maxSourceBytes: atLeastOne.optional(),
    })
    .optional(),
});
