import { randomUUID } from 'node:crypto';
import { createS3Client } from '../adapters/s3-client';
import { readBucketSettings, type BucketSettings } from '../adapters/s3-inspect';
import { createS3ObjectStore } from '../adapters/s3-object-store';
import { tryDeleting, tryReading, tryWriting } from '../adapters/s3-trials';
import type { AreaBuckets, Pipeline } from '../definition/pipeline';
import { protectionsOf } from '../definition/protections';
import { pipelinePrefix } from '../layout/object-keys';
import { judgeProtection } from './judge-protection';
import { judgeLifecycle, judgeUploads, judgeVersions } from './judge-settings';
import { ok, probe, skipped, type ProbeResult } from './probe';

export type Area = keyof AreaBuckets;

/**
 * What Landfall does in each area, and so must be allowed to: objects of processed and rejects are deleted where what a
 * file becomes has changed, and in mode `delta`; of curated by `landfall gc`. Nobody deletes from raw-hist.
 */
const NEEDS: Record<Area, readonly ('read' | 'write' | 'delete')[]> = {
  land: ['read', 'delete'],
  rawHist: ['read', 'write'],
  raw: ['read', 'write', 'delete'],
  processed: ['read', 'write', 'delete'],
  curated: ['read', 'write', 'delete'],
  rejects: ['read', 'write', 'delete'],
  quarantine: ['read', 'write', 'delete'],
  log: ['read', 'write'],
};

const TITLES: Partial<Record<Area, string>> = { rawHist: 'raw-hist' };
export const titleOf = (area: Area): string => TITLES[area] ?? area;

const ATTEMPTS = 2;

/** Each area's bucket: whether it is there, what the role may do in it, and how it is set. Leaves nothing anywhere. */
export async function probeBuckets(pipeline: Pipeline): Promise<ProbeResult[]> {
  const areas = Object.entries(pipeline.areas) as [Area, string][];
  const looked = await Promise.all(areas.map(([area, bucket]) => probeBucket(pipeline, area, bucket)));
  const settings = looked.flatMap(({ bucket, settings: found }) => (found ? [{ bucket, found }] : []));
  return [...looked.flatMap(({ results }) => results), ...judgeUploads(settings)];
}

interface LookedAt {
  bucket: string;
  results: ProbeResult[];
  settings: BucketSettings | undefined;
}

async function probeBucket(pipeline: Pipeline, area: Area, bucket: string): Promise<LookedAt> {
  const s3 = createS3Client({ maxAttempts: ATTEMPTS });
  const store = createS3ObjectStore({ s3 }, { pageKeys: 1 });
  const title = titleOf(area);
  const prefix =
    area === 'curated' ? `${pipeline.environment}/${pipeline.curatedFolder}/` : pipelinePrefix(pipeline);

  const exists = await probe(`${title} bucket`, async (signal) => {
    for await (const _ of store.list(bucket, prefix, { signal })) break;
    return ok(`s3://${bucket} is there and can be listed`);
  });
  if (exists.verdict !== 'ok') {
    const rest = ['access', 'settings'].map((what) =>
      skipped(`${title} ${what}`, 'its bucket cannot be listed'),
    );
    return { bucket, results: [exists, ...rest], settings: undefined };
  }

  let settings: BucketSettings | undefined;
  const set = await probe(`${title} settings`, async (signal) => {
    settings = await readBucketSettings(s3, bucket, prefix, { signal });
    const declared = pipeline.protections[area] ?? {};
    return (
      judgeProtection(declared, settings) ?? judgeLifecycle(area, settings) ?? judgeVersions(area, settings)
    );
  });
  const needs = NEEDS[area];
  const access = await probe(`${title} access`, async (signal) => {
    // As of a delivery that landed now, so that retention is tried out, too.
    const key = `${prefix}probes/file_land_timestamp=${Math.floor(Date.now() / 1000)}/${randomUUID()}`;
    const trial = { s3, location: { bucket, key }, protectionOf: protectionsOf([pipeline]), signal };
    if (needs.includes('read')) await tryReading(trial);
    if (needs.includes('write')) await tryWriting(trial);
    if (needs.includes('delete')) await tryDeleting(trial, settings?.versioning !== 'none');
    return ok(`may ${needs.join(', ')}`);
  });
  return { bucket, results: [exists, access, set], settings };
}
