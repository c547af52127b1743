import type { BucketSettings } from '../adapters/s3-inspect';
import type { AreaProtection } from '../definition/protections';
import { failed, warning, type Seen } from './probe';

/** @returns undefined when the bucket can keep objects as the pipeline declares */
export function judgeProtection(
  { objectLock, legalHold }: AreaProtection,
  { objectLock: lock, versioning, defaultRetention }: BucketSettings,
): Seen | undefined {
  const declared = [objectLock && 'objectLock', legalHold && 'legalHold'].filter(Boolean).join(' and ');
  if (declared === '') return undefined;
  if (lock === 'none') {
    const first = versioning === 'enabled' ? '' : 'enable versioning, then ';
    return failed(
      `the pipeline declares ${declared}, and the bucket has no Object Lock: every write to it would be refused`,
      `Turn it on (${first}aws s3api put-object-lock-configuration --object-lock-configuration ObjectLockEnabled=Enabled), or take ${declared} out of areas.rawHist.`,
    );
  }
  if (!objectLock || !defaultRetention) return undefined;
  const isShorter = objectLock.days < defaultRetention.days;
  const isWeaker = objectLock.mode === 'GOVERNANCE' && defaultRetention.mode === 'COMPLIANCE';
  if (!isShorter && !isWeaker) return undefined;
  return warning(
    `the pipeline declares ${objectLock.mode} for ${objectLock.days} days, which replaces the bucket's stronger default (${lock})`,
    'Raise areas.rawHist.objectLock to the default, or leave it out, so that the default applies.',
  );
}
