import { CreateBucketCommand, HeadBucketCommand, NotFound, type S3Client } from '@aws-sdk/client-s3';
import { createS3Client } from './s3-client';

/** Makes the buckets that are not there: for the embedded stack and tests; real ones belong to whoever runs the account. */
export async function createMissingBuckets(
  names: readonly string[],
  { s3 }: { s3: S3Client } = { s3: createS3Client() },
): Promise<void> {
  for (const Bucket of new Set(names)) {
    try {
      await s3.send(new HeadBucketCommand({ Bucket }));
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      await s3.send(new CreateBucketCommand({ Bucket }));
    }
  }
}
