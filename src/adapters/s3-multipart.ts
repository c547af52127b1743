import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CompletedPart,
} from '@aws-sdk/client-s3';
import type { ObjectLocation, WriteOptions } from './object-store';
import { abortable, describeS3Call, isPreconditionFailed } from './s3-calls';
import { expectAnswered } from './aws-answers';
import { explainFailures } from './aws-errors';
import type { S3Context } from './s3-context';
import { describeNewObject, permissionsToWrite } from './s3-new-object';

export interface UploadTarget extends ObjectLocation {
  /** Refuse to replace what is there. */
  once: boolean;
  options: WriteOptions;
}

export interface UploadedParts {
  parts: (CompletedPart & { PartNumber: number })[];
  bytes: number;
}

/**
 * An upload in parts, of which nothing is visible before all of it is there. An upload that does not get there is
 * aborted, so that its parts are not kept; one whose process is killed needs the bucket's
 * `AbortIncompleteMultipartUpload` rule. lib-storage's Upload leaves its parts behind when the completion is refused,
 * and answers an abort while it still sends.
 */
export async function uploadInParts(
  context: S3Context,
  { bucket, key, once, options }: UploadTarget,
  sendParts: (uploadId: string) => Promise<UploadedParts>,
): Promise<'written' | 'exists'> {
  const { s3 } = context;
  const { signal } = options;
  const actions = permissionsToWrite(context, { bucket, key }, 's3:PutObject and s3:AbortMultipartUpload');
  const call = describeS3Call('Writing', actions, { bucket, key }, signal);
  const { UploadId } = await explainFailures(call, () =>
    s3.send(
      new CreateMultipartUploadCommand(describeNewObject(context, { bucket, key }, options)),
      abortable(signal),
    ),
  );
  const upload = { Bucket: bucket, Key: key, UploadId };
  let completed = false;
  try {
    const { parts, bytes } = await sendParts(expectAnswered(UploadId, 'UploadId'));
    const complete = new CompleteMultipartUploadCommand({
      ...upload,
      MultipartUpload: { Parts: parts.toSorted((a, b) => a.PartNumber - b.PartNumber) },
      MpuObjectSize: bytes,
      ...(once && { IfNoneMatch: '*' }),
    });
    const outcome = await explainFailures(call, () =>
      refuseToReplace(() => s3.send(complete, abortable(signal))),
    );
    completed = outcome === 'written';
    return outcome;
  } finally {
    // Best effort: the failure that led here is what the caller has to hear of.
    if (!completed) await s3.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
  }
}

/** A refused `IfNoneMatch` is an answer, not a failure. */
export async function refuseToReplace(write: () => Promise<unknown>): Promise<'written' | 'exists'> {
  try {
    await write();
    return 'written';
  } catch (error) {
    if (isPreconditionFailed(error)) return 'exists';
    throw error;
  }
}
