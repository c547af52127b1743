import { z } from 'zod';
import type { ObjectStore } from '../adapters/object-store';
import { findDeliveryRecord } from '../activities/records';
import { toS3Url } from '../adapters/s3-calls';
import type { Pipeline } from '../definition/pipeline';
import { deliveryRecordKey } from '../layout/log-keys';
import type { Findings } from './verification';

const PINNED = z.object({
  key: z.string(),
  versionId: z.string().optional(),
  etag: z.string(),
  size: z.int().min(0),
});
const ARCHIVED = PINNED.extend({ archiveKey: z.string(), sha256: z.string() });

const SCHEMAS = {
  manifest: z.object({ contentDigest: z.string(), objects: z.array(PINNED) }),
  archived: z.object({
    contentDigest: z.string(),
    files: z.array(ARCHIVED),
    notes: z.array(ARCHIVED).default([]),
    leftOut: z.array(z.string()).default([]),
  }),
  superseded: z.object({ by: z.int() }),
  quarantined: z.object({
    files: z.array(z.object({ key: z.string(), quarantineKey: z.string(), sha256: z.string() })),
  }),
};
type Schemas = typeof SCHEMAS;

/** A landed object as a record pins it. */
export type PinnedEntry = z.output<typeof PINNED>;
/** The same, with what it is in raw-hist. */
export type ArchivedEntry = z.output<typeof ARCHIVED>;
export type RecordOf<N extends keyof Schemas> = z.output<Schemas[N]>;

export interface RecordReader {
  /** @returns undefined when it is not there, or cannot be used, which is then among the findings */
  find<N extends keyof Schemas>(delivery: number, name: N): Promise<RecordOf<N> | undefined>;
  /** The same, where its absence is a finding. */
  require<N extends keyof Schemas>(delivery: number, name: N): Promise<RecordOf<N> | undefined>;
}

/** Reads records as what may have been damaged: whoever verifies trusts nothing but their names. */
export function createRecordReader(store: ObjectStore, pipeline: Pipeline, findings: Findings): RecordReader {
  const told = new Set<string>();
  const damaged = (delivery: number, name: keyof Schemas, detail: string): void => {
    if (told.has(`${delivery} ${name}`)) return;
    told.add(`${delivery} ${name}`);
    const location = { bucket: pipeline.areas.log, key: deliveryRecordKey(pipeline, delivery, name) };
    findings.add({ kind: 'record', object: toS3Url(location), delivery, detail });
  };
  const read = async <N extends keyof Schemas>(
    delivery: number,
    name: N,
    isRequired: boolean,
  ): Promise<RecordOf<N> | undefined> => {
    const found = await findDeliveryRecord<unknown>(store, pipeline, delivery, name).catch(
      (error: unknown) => {
        if (error instanceof SyntaxError) return error;
        throw error;
      },
    );
    if (found === undefined) {
      if (isRequired) damaged(delivery, name, 'it is missing, though later records say that it was there');
      return undefined;
    }
    const parsed = SCHEMAS[name].safeParse(found);
    if (parsed.success) return parsed.data as RecordOf<N>;
    damaged(delivery, name, 'it is not what Landfall writes there');
    return undefined;
  };
  return {
    find: (delivery, name) => read(delivery, name, false),
    require: (delivery, name) => read(delivery, name, true),
  };
}
