import { pipeline, Transform, type Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  type GetObjectCommandOutput,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { UnavailableError } from '../errors';
import type { CallOptions, ObjectLocation, OpenedObject, PinnedObject, StoredObject } from './object-store';
import { expectAnswered } from './aws-answers';
import { explainFailure, explainFailures, type AwsCall } from './aws-errors';
import {
  abortable,
  describeS3Call,
  explainSourceFailure,
  isObjectMissing,
  toEpochSeconds,
  toS3Url,
} from './s3-calls';
import type { S3Context } from './s3-context';
import { readProtection } from './s3-new-object';

export async function headObject(
  { s3 }: S3Context,
  { bucket, key, versionId }: ObjectLocation & { versionId?: string },
  { signal }: CallOptions = {},
): Promise<StoredObject | undefined> {
  // Without s3:ListBucket, S3 answers 403 where there is nothing.
  const call = describeS3Call('Looking at', 's3:GetObject and s3:ListBucket', { bucket, key }, signal);
  return explainFailures(call, async () => {
    try {
      const command = new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId });
      return toStoredObject({ bucket, key }, await s3.send(command, abortable(signal)));
    } catch (error) {
      if (isObjectMissing(error)) return undefined;
      throw error;
    }
  });
}

const toStoredObject = (
  { bucket, key }: ObjectLocation,
  answer: HeadObjectCommandOutput | GetObjectCommandOutput,
): StoredObject => ({
  bucket,
  key,
  ...(answer.VersionId !== undefined && { versionId: answer.VersionId }),
  etag: expectAnswered(answer.ETag, 'ETag'),
  size: expectAnswered(answer.ContentLength, 'Content-Length'),
  lastModified: toEpochSeconds(answer.LastModified),
  metadata: answer.Metadata ?? {},
  contentType: answer.ContentType,
  protection: readProtection(answer),
});

export async function openObject(
  { s3 }: S3Context,
  location: ObjectLocation,
  { signal }: CallOptions = {},
): Promise<OpenedObject | undefined> {
  const { bucket, key } = location;
  const call = describeS3Call('Reading', 's3:GetObject and s3:ListBucket', location, signal);
  return explainFailures(call, async () => {
    try {
      const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), abortable(signal));
      const stored = toStoredObject(location, answer);
      return { stored, body: countBytes(answer.Body as Readable, stored, call) };
    } catch (error) {
      if (isObjectMissing(error)) return undefined;
      throw error;
    }
  });
}

export async function readObject(
  { s3 }: S3Context,
  source: PinnedObject,
  { signal }: CallOptions = {},
): Promise<Readable> {
  const call = describeS3Call('Reading', 's3:GetObject and s3:GetObjectVersion', source, signal);
  const body = await explainFailures(call, async () => {
    try {
      const { bucket, key, versionId, etag } = source;
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId, IfMatch: etag });
      return (await s3.send(command, abortable(signal))).Body;
    } catch (error) {
      throw explainSourceFailure(source, error);
    }
  });
  return countBytes(body as Readable, source, call);
}

/** A body that ends early must be an error, never a shorter file. */
function countBytes(body: Readable, source: PinnedObject, call: AwsCall): Readable {
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
    flush: (done) => done(bytes === source.size ? null : endedEarly(source, bytes)),
    destroy(error, done) {
      const doing = `${call.doing}, after ${bytes} of its ${source.size} bytes,`;
      done(error && (explainFailure({ ...call, doing }, error) as Error));
    },
  });
  // What ends early is told by `counted`; the callback is only there because `pipeline` wants one.
  pipeline(body, counted, () => undefined);
  return counted;
}

const endedEarly = (source: PinnedObject, bytes: number): UnavailableError =>
  new UnavailableError({
    happened: `Reading ${toS3Url(source)} ended after ${bytes} bytes where its ${source.size} were expected.`,
    next: 'It is tried again; if it stays like this, look for what cuts connections to the store.',
  });

export async function readObjectText(
  { s3 }: S3Context,
  { bucket, key }: ObjectLocation,
  { signal }: CallOptions = {},
): Promise<string | undefined> {
  const call = describeS3Call('Reading', 's3:GetObject and s3:ListBucket', { bucket, key }, signal);
  return explainFailures(call, async () => {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), abortable(signal));
      return await expectAnswered(Body, 'a body').transformToString('utf-8');
    } catch (error) {
      if (isObjectMissing(error)) return undefined;
      throw error;
    }
  });
}
