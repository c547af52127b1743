import { parseArchivedTimestamp, pipelinePrefix } from '../layout/object-keys';
import type { ObjectProtection, ProtectionOf } from '../layout/object-protection';
import type { AreaDefinitions, ArchiveDefinition } from './area';
import type { AreaBuckets, Pipeline } from './pipeline';

type Area = keyof AreaBuckets;

/** How what is written to an area is kept; absent where nothing is declared. */
export type AreaProtection = Omit<ArchiveDefinition, 'bucket'>;

const SECONDS_A_DAY = 86_400;

/** Takes the areas apart: the buckets' names, and how objects are kept in them. */
export function readAreas(definition: AreaDefinitions): Pick<Pipeline, 'areas' | 'protections'> {
  const areas: Partial<Record<Area, string>> = {};
  const protections: Partial<Record<Area, AreaProtection>> = {};
  for (const [area, given] of Object.entries(definition) as [
    Area,
    string | ArchiveDefinition | undefined,
  ][]) {
    if (given === undefined) continue;
    const { bucket, ...protection } = typeof given === 'string' ? { bucket: given } : given;
    areas[area] = bucket;
    if (Object.keys(protection).length > 0) protections[area] = protection;
  }
  return { areas: areas as AreaBuckets, protections };
}

/** The same for every attempt: retention runs from the timestamp in the key, never from a clock. */
export function protectObject(
  { encryption, objectLock, legalHold }: AreaProtection,
  key: string,
): ObjectProtection {
  const landed = parseArchivedTimestamp(key);
  const { kmsKey, bucketKey } = encryption ?? {};
  return {
    ...(kmsKey === undefined
      ? {}
      : { kms: { key: kmsKey, ...(bucketKey === undefined ? {} : { bucketKey }) } }),
    ...(objectLock && landed !== undefined
      ? { retention: { mode: objectLock.mode, until: landed + objectLock.days * SECONDS_A_DAY } }
      : {}),
    ...(legalHold ? { legalHold } : {}),
  };
}

/** How the object at a location is to be kept, by the pipeline whose area it is in. */
export function protectionsOf(pipelines: readonly Pipeline[]): ProtectionOf {
  const rules = pipelines.flatMap((pipeline) =>
    (Object.entries(pipeline.protections) as [Area, AreaProtection][]).map(([area, protection]) => ({
      bucket: pipeline.areas[area],
      prefix:
        area === 'curated' ? `${pipeline.environment}/${pipeline.curatedFolder}/` : pipelinePrefix(pipeline),
      protection,
    })),
  );
  return ({ bucket, key }) => {
    const rule = rules.find((each) => each.bucket === bucket && key.startsWith(each.prefix));
    return rule ? protectObject(rule.protection, key) : {};
  };
}
