import { z } from 'zod';

const bound = z.number().nullish();

/** One column as mojap-metadata has it (table schema 1.x), with `datetime_format` as data_linter reads it. */
export const metadataColumnSchema = z.looseObject({
  name: z.string().min(1),
  type: z.string().optional(),
  type_category: z.string().optional(),
  description: z.string().optional(),
  nullable: z.boolean().optional(),
  sensitive: z.boolean().optional(),
  alias: z.string().optional(),
  foreign_key: z.array(z.looseObject({ table: z.string(), columns: z.array(z.string()) })).optional(),
  unique: z.boolean().optional(),
  enum: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .min(1)
    .optional(),
  pattern: z.string().optional(),
  minimum: bound,
  maximum: bound,
  minLength: bound,
  maxLength: bound,
  datetime_format: z.string().optional(),
});
export type MetadataColumn = z.output<typeof metadataColumnSchema>;

export const metadataSchema = z.looseObject({
  $schema: z.string().optional(),
  name: z.string().min(1),
  description: z.string().optional(),
  file_format: z.string().optional(),
  sensitive: z.boolean().optional(),
  primary_key: z.array(z.string()).optional(),
  partitions: z.array(z.string()).optional(),
  database_name: z.string().optional(),
  table_location: z.string().optional(),
  glue_table_properties: z.record(z.string(), z.string()).optional(),
  columns: z.array(metadataColumnSchema).min(1),
});
export type Metadata = z.output<typeof metadataSchema>;

/** The keys of an object that its schema does not know. */
export const unknownKeys = (value: object, schema: z.ZodObject): string[] =>
  Object.keys(value).filter((key) => !(key in schema.shape));
