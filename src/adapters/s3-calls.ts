import { setMaxListeners } from 'node:events';
import { SourceChangedError } from '../errors';
import { expectAnswered } from './aws-answers';
import { readAwsFailure, type AwsCall } from './aws-errors';
import type { ObjectLocation, PinnedObject } from './object-store';

export const toS3Url = ({ bucket, key }: ObjectLocation): string => `s3://${bucket}/${key}`;

/** The words of a call on one object, or on a bucket when `key` is empty. */
export function describeS3Call(
  doing: string,
  actions: string,
  { bucket, key }: ObjectLocation,
  signal: AbortSignal | undefined,
): AwsCall {
  const arn = `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
  return {
    service: 'S3',
    doing: `${doing} ${toS3Url({ bucket, key })}`,
    permission: `${actions} on ${arn}`,
    signal,
  };
}

export function abortable(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  if (signal === undefined) return {};
  // Every call listens, and many are under way with one signal: Node would warn of a leak.
  setMaxListeners(0, signal);
  return { abortSignal: signal };
}

/** Rounded down: S3 itself tells HEAD no fractions. */
export const toEpochSeconds = (lastModified: Date | undefined): number =>
  Math.floor(expectAnswered(lastModified, 'LastModified').getTime() / 1000);

/** The ETag did not match, or something is where nothing should be. */
export const isPreconditionFailed = (error: unknown): boolean => {
  const failure = readAwsFailure(error);
  return failure?.status === 412 || failure?.code === 'PreconditionFailed';
};

/** Neither object nor version is there; HEAD has no body, so all it says is `NotFound`. */
export const isObjectMissing = (error: unknown): boolean =>
  /^(NoSuchKey|NoSuchVersion|NotFound)$/.test(readAwsFailure(error)?.code ?? '');

/**
 * @returns what to throw when a call that names `source` failed: SourceChangedError where that is the reason, the
 * failure itself otherwise
 */
export function explainSourceFailure(source: PinnedObject, error: unknown): unknown {
  const expected = [`etag ${source.etag}`, ...(source.versionId ? [`version ${source.versionId}`] : [])].join(
    ', ',
  );
  const words = (what: string) => ({
    happened: `${toS3Url(source)} (${expected}) ${what}.`,
    unchanged: 'Nothing was copied, written or deleted in its place.',
    next: 'Run again: what is there now is listed and checked afresh.',
  });
  if (isPreconditionFailed(error)) {
    return new SourceChangedError(words('was replaced by another upload after it was listed'), {
      cause: error,
    });
  }
  if (isObjectMissing(error)) {
    return new SourceChangedError(words('is gone: it was deleted after it was listed'), { cause: error });
  }
  return error;
}
