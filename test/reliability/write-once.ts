import { ListObjectVersionsCommand, type ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3';
import { createS3Client } from '../../src/adapters/s3-client';
import type { TestPipeline } from '../support/test-pipeline';

/** Records that say one thing for ever. */
const WRITTEN_ONCE =
  /\/(manifest|settled|archived|superseded|quarantined|cleared|accepted|plan|decision)\.json$|\/(curated|glue)\/0\.json$/;

/**
 * What was written over or deleted though it is written once: everything in raw-hist, and the records that others rely
 * on. Only buckets that keep versions tell.
 */
export async function findRewritten({ areas }: TestPipeline): Promise<string[]> {
  const found = await Promise.all([
    findInBucket(areas.rawHist, 'rawHist', () => true),
    findInBucket(areas.log, 'log', (key) => WRITTEN_ONCE.test(key)),
  ]);
  return found.flat();
}

async function findInBucket(
  Bucket: string,
  area: string,
  isWrittenOnce: (key: string) => boolean,
): Promise<string[]> {
  const s3 = createS3Client();
  const versions = new Map<string, number>();
  let page: ListObjectVersionsCommandOutput | undefined;
  do {
    page = await s3.send(
      new ListObjectVersionsCommand({
        Bucket,
        KeyMarker: page?.NextKeyMarker,
        VersionIdMarker: page?.NextVersionIdMarker,
      }),
    );
    for (const { Key = '' } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])])
      versions.set(Key, (versions.get(Key) ?? 0) + 1);
  } while (page.IsTruncated);
  return [...versions].flatMap(([key, count]) => (count > 1 && isWrittenOnce(key) ? `${area}/${key}` : []));
}
