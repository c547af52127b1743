import { z } from 'zod';
import { DefinitionError } from '../errors';
import { pipelinePrefix, type PipelineFolders } from '../layout/object-keys';
import type { AreaDatabase } from './area-databases';
import { glueName } from './name-schemas';

/** Has Athena asked about each table that changed, as its readers would ask, before they are pointed at it. */
export interface ReaderCheckDefinition {
  /**
   * A Glue database of this pipeline's alone, made where it is missing, in which the tables are declared while they are
   * checked. Nobody needs to be granted it but the worker.
   */
  database: string;
  /** The Athena workgroup that is asked. @default 'primary' */
  workgroup?: string;
  /** `s3://bucket/folder/`, where Athena writes its answers. @default `athena/` in the pipeline's folder of the log area */
  output?: `s3://${string}/`;
}

/** The same with every default filled in. */
export interface ReaderCheck {
  database: string;
  workgroup: string;
  output: string;
  /** The KMS key for the answers. Undefined: as the workgroup or the bucket has it. */
  kmsKey: string | undefined;
}

const WORKGROUP = /^[a-zA-Z0-9._-]{1,128}$/;
const OUTPUT = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/([^\p{Cc}]*\/)?$/u;

export const readerCheckSchema = z.strictObject({
  database: glueName,
  workgroup: z.string().regex(WORKGROUP, 'must be the name of an Athena workgroup').optional(),
  output: z.string().regex(OUTPUT, 'must be s3://bucket/folder/, with a slash at its end').optional(),
});

interface Surroundings extends PipelineFolders {
  name: string;
  database: string;
  areaDatabases: readonly AreaDatabase[];
  areas: { log: string };
  protections: { log?: { encryption?: { kmsKey: string } } };
}

/** @throws DefinitionError where its database is one that somebody reads */
export function readReaderCheck(
  given: ReaderCheckDefinition | undefined,
  { name, database: published, areaDatabases, areas, protections, ...folders }: Surroundings,
): ReaderCheck | undefined {
  if (!given) return undefined;
  const { database, workgroup = 'primary', output } = given;
  if ([published, ...areaDatabases.map((each) => each.database)].includes(database)) {
    throw new DefinitionError({
      happened: `Pipeline "${name}": readerCheck.database is "${database}", which is the name of another of its databases.`,
      next: `Give it a name of its own, such as ${published}_checking: what is checked is seen by nobody.`,
    });
  }
  return {
    ...{ database, workgroup },
    output: output ?? `s3://${areas.log}/${pipelinePrefix(folders)}athena/`,
    kmsKey: output === undefined ? protections.log?.encryption?.kmsKey : undefined,
  };
}
