import type { StoredProtection } from '../adapters/object-store';
import type { ObjectProtection } from '../layout/object-protection';

const UNSEEN = 'or the role may not see it';

/** What of the declared encryption, retention and legal hold an object has not, in words; more than declared is fine. */
export function findUnprotected(
  { kms, retention, legalHold }: ObjectProtection,
  stored: StoredProtection,
): string[] {
  const lacking: string[] = [];
  if (kms && !(isKms(stored.encryption) && isKey(kms.key, stored.kmsKey))) {
    const found = [stored.encryption ?? 'none', stored.kmsKey].filter(Boolean).join(' with ');
    lacking.push(`encryption: expected aws:kms with ${kms.key}, found ${found}`);
  }
  // What has ended need not be there any more.
  if (retention && retention.until > Date.now() / 1000 && !isRetained(retention, stored.retention)) {
    const found = stored.retention ? describe(stored.retention) : `none (${UNSEEN}: s3:GetObjectRetention)`;
    lacking.push(`retention: expected ${describe(retention)}, found ${found}`);
  }
  if (legalHold && !stored.legalHold)
    lacking.push(`legal hold: expected, found none (${UNSEEN}: s3:GetObjectLegalHold)`);
  return lacking;
}

const isKms = (encryption: string | undefined): boolean => encryption?.startsWith('aws:kms') === true;

/** S3 answers with the key's ARN. What an alias stands for only KMS knows. */
const isKey = (declared: string, stored: string | undefined): boolean =>
  /(^|:)alias\//.test(declared) || idOf(declared) === idOf(stored ?? '');

const idOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1);

type Retention = NonNullable<ObjectProtection['retention']>;

const isRetained = (declared: Retention, stored: Retention | undefined): boolean =>
  stored !== undefined &&
  stored.until >= declared.until &&
  (stored.mode === 'COMPLIANCE' || declared.mode === 'GOVERNANCE');

const describe = ({ mode, until }: Retention): string =>
  `${mode} until ${new Date(until * 1000).toISOString()}`;
