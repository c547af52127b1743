import { HeadObjectCommand, UploadPartCopyCommand } from '@aws-sdk/client-s3';
import type { ObjectLocation, PinnedObject, WriteOptions } from './object-store';
import { expectAnswered } from './aws-answers';
import { explainFailures } from './aws-errors';
import { forEachBounded } from './bounded';
import { abortable, describeS3Call, explainSourceFailure } from './s3-calls';
import { MAX_PARTS, type S3Context } from './s3-context';
import { uploadInParts, type UploadedParts, type UploadTarget } from './s3-multipart';
import { putObject } from './s3-write';

export async function copyObjectOnce(
  context: S3Context,
  source: PinnedObject,
  target: ObjectLocation,
  options: WriteOptions = {},
): Promise<'written' | 'exists'> {
  const upload = { ...target, once: true, options };
  if (source.size === 0) return copyEmptyObject(context, source, upload);
  return uploadInParts(context, upload, (uploadId) => copyParts(context, source, upload, uploadId));
}

/** No part can be empty, so the object is made anew after a look at the version that it stands for. */
async function copyEmptyObject(
  context: S3Context,
  source: PinnedObject,
  upload: UploadTarget,
): Promise<'written' | 'exists'> {
  const { bucket, key, versionId, etag } = source;
  const { signal } = upload.options;
  await explainFailures(
    describeS3Call('Copying', 's3:GetObject and s3:GetObjectVersion', source, signal),
    async () => {
      try {
        const command = new HeadObjectCommand({
          Bucket: bucket,
          Key: key,
          VersionId: versionId,
          IfMatch: etag,
        });
        await context.s3.send(command, abortable(signal));
      } catch (error) {
        throw explainSourceFailure(source, error);
      }
    },
  );
  return putObject(context, upload, Buffer.alloc(0));
}

async function copyParts(
  { s3, limits }: S3Context,
  source: PinnedObject,
  { bucket, key, options }: UploadTarget,
  uploadId: string,
): Promise<UploadedParts> {
  const parts: UploadedParts['parts'] = [];
  const call = describeS3Call('Copying', 's3:GetObject and s3:GetObjectVersion', source, options.signal);
  await forEachBounded(partsOf(source.size, limits.copyPartBytes), limits.concurrentParts, async (part) => {
    const command = new UploadPartCopyCommand({
      Bucket: bucket,
      Key: key,
      UploadId: uploadId,
      PartNumber: part.number,
      CopySource: toCopySource(source),
      CopySourceIfMatch: source.etag,
      CopySourceRange: part.range,
    });
    const copied = await explainFailures(call, async () => {
      try {
        return await s3.send(command, abortable(options.signal));
      } catch (error) {
        throw explainSourceFailure(source, error);
      }
    });
    const { ETag, ChecksumCRC32 } = expectAnswered(copied.CopyPartResult, 'CopyPartResult');
    parts.push({ PartNumber: part.number, ETag, ChecksumCRC32 });
  });
  return { parts, bytes: source.size };
}

/** A whole object in one part names no range: S3 allows ranges only of what is larger than 5 MiB. */
function* partsOf(size: number, partBytes: number): Iterable<{ number: number; range: string | undefined }> {
  const length = Math.max(partBytes, Math.ceil(size / MAX_PARTS));
  if (size <= length) yield { number: 1, range: undefined };
  else
    for (let start = 0, number = 1; start < size; start += length, number += 1) {
      yield { number, range: `bytes=${start}-${Math.min(start + length, size) - 1}` };
    }
}

/** S3 decodes this header once, so that every character but the slash is encoded, `?` and `+` among them. */
function toCopySource({ bucket, key, versionId }: PinnedObject): string {
  const path = `${bucket}/${key}`.split('/').map(encodeURIComponent).join('/');
  return versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;
}
