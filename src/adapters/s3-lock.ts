import { LandfallError } from '../errors';
import { readAwsFailure } from './aws-errors';
import type { ObjectLocation } from './object-store';
import type { S3Context } from './s3-context';
import { headObject } from './s3-read';

/** AWS: "Access Denied because object protected by object lock."; others: "Object is WORM protected …". */
const SAYS_LOCKED = /object.?lock|WORM|legal.?hold|retention/i;

/**
 * Whether a version could not be deleted because retention or a legal hold keeps it, and not because the role may delete
 * nothing: the refusal says so, or the version itself does.
 */
export async function isKeptByLock(
  context: S3Context,
  version: ObjectLocation & { versionId: string },
  failure: unknown,
): Promise<boolean> {
  if (!(failure instanceof LandfallError) || failure.retryable) return false;
  const refusal = readAwsFailure(failure.cause);
  if (refusal?.status !== 403 && refusal?.status !== 400) return false;
  if (SAYS_LOCKED.test(refusal.message)) return true;
  // Who may not even look at it is not to be told of a lock.
  const stored = await headObject(context, version).catch(() => undefined);
  const { retention, legalHold = false } = stored?.protection ?? {};
  return legalHold || (retention !== undefined && retention.until > Date.now() / 1000);
}
