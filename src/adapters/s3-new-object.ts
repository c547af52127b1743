import type { CreateMultipartUploadCommandInput, HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { ObjectProtection } from '../layout/object-protection';
import type { ObjectLocation, StoredProtection, WriteOptions } from './object-store';
import type { S3Context } from './s3-context';

/** S3 refuses a date that has passed by its own clock, which may be ahead of ours. */
const LEAST_SECONDS_AHEAD = 60;

type NewObject = Pick<
  CreateMultipartUploadCommandInput,
  | 'ContentType'
  | 'ContentEncoding'
  | 'Metadata'
  | 'ServerSideEncryption'
  | 'SSEKMSKeyId'
  | 'BucketKeyEnabled'
  | 'ObjectLockMode'
  | 'ObjectLockRetainUntilDate'
  | 'ObjectLockLegalHoldStatus'
> & { Bucket: string; Key: string };

/**
 * What every write says of the object it makes. What nobody declared is not said at all, so that the bucket's default
 * encryption and default retention apply.
 */
export function describeNewObject(
  { protectionOf }: Pick<S3Context, 'protectionOf'>,
  location: ObjectLocation,
  { contentType, contentEncoding, metadata }: WriteOptions = {},
): NewObject {
  return {
    Bucket: location.bucket,
    Key: location.key,
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...(contentEncoding === undefined ? {} : { ContentEncoding: contentEncoding }),
    ...(metadata === undefined ? {} : { Metadata: { ...metadata } }),
    ...toHeaders(protectionOf(location)),
  };
}

function toHeaders({ kms, retention, legalHold }: ObjectProtection): Partial<NewObject> {
  return {
    ...(kms && {
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: kms.key,
      ...(kms.bucketKey === undefined ? {} : { BucketKeyEnabled: kms.bucketKey }),
    }),
    ...(retention &&
      retention.until > Date.now() / 1000 + LEAST_SECONDS_AHEAD && {
        ObjectLockMode: retention.mode,
        ObjectLockRetainUntilDate: new Date(retention.until * 1000),
      }),
    ...(legalHold && { ObjectLockLegalHoldStatus: 'ON' }),
  };
}

/** What IAM has to allow for a write, as far as the pipeline says how the object is kept. */
export function permissionsToWrite(
  { protectionOf }: Pick<S3Context, 'protectionOf'>,
  location: ObjectLocation,
  actions: string,
): string {
  const { retention, legalHold } = protectionOf(location);
  return [
    actions,
    ...(retention ? ['s3:PutObjectRetention'] : []),
    ...(legalHold ? ['s3:PutObjectLegalHold'] : []),
  ].join(', ');
}

/** As far as HEAD tells: of locks only to those who may read them (s3:GetObjectRetention, s3:GetObjectLegalHold). */
export function readProtection(head: HeadObjectCommandOutput): StoredProtection {
  const { ServerSideEncryption, SSEKMSKeyId, ObjectLockMode, ObjectLockRetainUntilDate } = head;
  return {
    ...(ServerSideEncryption && { encryption: ServerSideEncryption }),
    ...(SSEKMSKeyId && { kmsKey: SSEKMSKeyId }),
    ...(ObjectLockMode &&
      ObjectLockRetainUntilDate && {
        retention: {
          mode: ObjectLockMode,
          until: Math.floor(ObjectLockRetainUntilDate.getTime() / 1000),
        },
      }),
    legalHold: head.ObjectLockLegalHoldStatus === 'ON',
  };
}
