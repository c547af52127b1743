import { z } from 'zod';
import { DELIVERY_NOTES_FOLDER } from '../layout/delivery-notes';
import { PIPELINE_NAME } from '../layout/names';
import { areasSchema } from './area';
import { areaDatabasesSchema } from './area-databases';
import { completenessSchema } from './completeness-schema';
import { derivedTableSchema } from './derived-table-schema';
import { folderName, glueName } from './name-schemas';
import { LAND_TIMESTAMP_COLUMN, PUBLISHINGS } from './pipeline';
import { readerCheckSchema } from './reader-check';
import { tableSchema } from './table-schema';
import { triggersSchema } from './triggers-schema';

const addedName = glueName.refine(
  (name) => name !== LAND_TIMESTAMP_COLUMN,
  'must be another column than file_land_timestamp',
);

/** What a pipeline may say, key by key; what must agree with each other is `definePipeline`'s to check. */
export const pipelineSchema = z.strictObject({
  name: z.string().regex(PIPELINE_NAME, 'must be lower case letters, digits and hyphens'),
  description: z.string().optional(),
  database: glueName,
  environment: folderName,
  folder: folderName.optional(),
  areas: areasSchema,
  areaDatabases: areaDatabasesSchema.optional(),
  readerCheck: readerCheckSchema.optional(),
  publishing: z.enum(PUBLISHINGS).optional(),
  allMustPass: z.boolean().optional(),
  complete: completenessSchema.optional(),
  triggers: triggersSchema.optional(),
  versionColumn: addedName.optional(),
  sourceFileColumn: z.union([addedName, z.literal(false)]).optional(),
  tables: z
    .record(glueName, tableSchema)
    .refine((tables) => Object.keys(tables).length > 0, 'must have at least one table')
    .refine(
      (tables) => Object.values(tables).every(({ folder }) => folder !== DELIVERY_NOTES_FOLDER),
      `must have other folders than ${DELIVERY_NOTES_FOLDER}, where Landfall archives markers and manifests`,
    ),
  derived: z.record(glueName, derivedTableSchema).optional(),
});
