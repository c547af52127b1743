import { z } from 'zod';
import { PIPELINE_NAME } from '../layout/names';
import type { Columns } from './column';
import type { Transform } from './transform';

/** The partition column that Landfall adds to every table. */
export const LAND_TIMESTAMP_COLUMN = 'file_land_timestamp';

const GLUE_NAME = /^[a-z][a-z0-9_]{0,254}$/;
const FOLDER_NAME = /^[A-Za-z0-9][A-Za-z0-9._=-]*$/;
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const glueName = z
  .string()
  .regex(GLUE_NAME, 'must be lower case letters, digits and underscores, as Glue has it');
const folderName = z
  .string()
  .regex(FOLDER_NAME, 'must be letters, digits, ".", "-", "=" and "_", and not begin with "_" or "."');
const bucketName = z.string().regex(BUCKET_NAME, 'must be the name of an S3 bucket, without s3://');
const count = z.int().min(0);

const amounts = { min: count.optional(), max: count.optional() };
const isRange = ({ min = 1, max = min }: { min?: number | undefined; max?: number | undefined }): boolean =>
  min <= max;
const NO_RANGE = 'must have a max that is not below its min (1, where it is not given)';

/** Deleting in one area must never reach what another one keeps. */
const haveBucketsOfTheirOwn = (areas: Readonly<Record<string, string | undefined>>): boolean => {
  const buckets = Object.values(areas).filter((bucket) => bucket !== undefined);
  return new Set(buckets).size === buckets.length;
};

const formatSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('csv'), delimiter: z.string().length(1), quote: z.string().length(1) }),
  z.strictObject({ name: z.literal('json-lines') }),
  z.strictObject({ name: z.literal('json') }),
]);
const columnsSchema = z
  .record(
    glueName,
    z.custom<z.ZodType>((value) => value instanceof z.ZodType, 'must be a column'),
  )
  .refine((columns) => Object.keys(columns).length > 0, 'must have at least one column');
const tableSchema = z.strictObject({
  description: z.string().optional(),
  folder: folderName.optional(),
  files: z
    .strictObject({
      name: z.instanceof(RegExp).optional(),
      required: z.boolean().optional(),
      ...amounts,
    })
    .refine(isRange, NO_RANGE)
    .optional(),
  format: formatSchema.optional(),
  columns: columnsSchema,
  primaryKey: z.array(z.string()).min(1).optional(),
  rows: z.strictObject(amounts).refine(isRange, NO_RANGE).optional(),
  transform: z
    .strictObject({
      columns: columnsSchema,
      rows: z.enum(['kept', 'changed']).optional(),
      apply: z.custom<Transform<Columns, Columns>['apply']>(
        (value) => typeof value === 'function',
        'must be a function',
      ),
    })
    .optional(),
  curated: z.strictObject({ sortBy: z.array(z.string()).optional() }).optional(),
});
/** What a pipeline may say, key by key; what must agree with each other is `definePipeline`'s to check. */
export const pipelineSchema = z.strictObject({
  name: z.string().regex(PIPELINE_NAME, 'must be lower case letters, digits and hyphens'),
  description: z.string().optional(),
  database: glueName,
  environment: folderName,
  folder: folderName.optional(),
  areas: z
    .strictObject({
      land: bucketName,
      rawHist: bucketName,
      raw: bucketName.optional(),
      processed: bucketName,
      curated: bucketName,
      log: bucketName,
    })
    .refine(haveBucketsOfTheirOwn, 'must have a bucket of its own each'),
  versionColumn: glueName
    .refine((name) => name !== LAND_TIMESTAMP_COLUMN, 'must be another column than file_land_timestamp')
    .optional(),
  tables: z
    .record(glueName, tableSchema)
    .refine((tables) => Object.keys(tables).length > 0, 'must have at least one table'),
});
