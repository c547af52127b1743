import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  type GetBucketEncryptionCommandOutput,
  type LifecycleRule,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { LockMode } from '../layout/object-protection';
import { explainFailures, readAwsFailure } from './aws-errors';
import type { CallOptions } from './object-store';
import { abortable, describeS3Call } from './s3-calls';

/** Who asks, as far as the SDK itself knows: there is no call for it in S3. */
export interface Identity {
  region: string;
  /** Its first and last four characters. */
  accessKey: string;
  accountId: string | undefined;
}

export interface BucketSettings {
  versioning: 'enabled' | 'suspended' | 'none';
  /** 'unknown' where the role may not read it, which Landfall does not need. */
  objectLock: 'none' | 'unknown' | (string & {});
  /** Of objects whose writer names none. */
  defaultRetention: { mode: LockMode; days: number } | undefined;
  /** The default encryption, in words; undefined where the role may not read it, or the store knows none. */
  encryption: string | undefined;
  /** Enabled rules that touch the prefix; undefined where the role may not read them. */
  lifecycle: { expiring: string[]; archiving: string[]; abortsUploads: boolean } | undefined;
}

/** @throws SetupError when the SDK finds no credentials or region */
export async function readIdentity(s3: S3Client, { signal }: CallOptions = {}): Promise<Identity> {
  const call = {
    service: 'S3' as const,
    doing: 'Looking for AWS credentials and region',
    permission: '',
    signal,
  };
  return explainFailures(call, async () => {
    const region = await s3.config.region();
    const { accessKeyId, accountId } = await s3.config.credentials();
    const accessKey = accessKeyId.length > 8 ? `${accessKeyId.slice(0, 4)}…${accessKeyId.slice(-4)}` : '…';
    return { region, accessKey, accountId };
  });
}

const DAYS_A_YEAR = 365;

/** @throws SetupError when the versioning cannot be read, which Landfall's own listings need */
export async function readBucketSettings(
  s3: S3Client,
  bucket: string,
  prefix: string,
  { signal }: CallOptions = {},
): Promise<BucketSettings> {
  const http = abortable(signal);
  const call = describeS3Call(
    'Reading the settings of',
    's3:GetBucketVersioning',
    { bucket, key: '' },
    signal,
  );
  return explainFailures(call, async () => {
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }), http);
    const lock = await unlessDenied(
      /^ObjectLockConfigurationNotFound|^NoSuchObjectLock/,
      () => s3.send(new GetObjectLockConfigurationCommand({ Bucket: bucket }), http),
      { $metadata: {} },
    );
    const rules = await unlessDenied(
      /^NoSuchLifecycle/,
      () => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }), http),
      { $metadata: {} },
    );
    const { Mode, Days, Years } = lock?.ObjectLockConfiguration?.Rule?.DefaultRetention ?? {};
    const retention =
      Mode === undefined
        ? 'on, no default retention'
        : `${Mode}, ${Days ?? Years} ${Days ? 'days' : 'years'}`;
    const encryption = await unlessDenied(
      /^ServerSideEncryptionConfigurationNotFound/,
      () => s3.send(new GetBucketEncryptionCommand({ Bucket: bucket }), http),
      undefined,
    );
    const isLocked = lock?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
    return {
      versioning: Status === 'Enabled' ? 'enabled' : Status === undefined ? 'none' : 'suspended',
      objectLock: lock === undefined ? 'unknown' : isLocked ? retention : 'none',
      defaultRetention: Mode && { mode: Mode, days: Days ?? (Years ?? 0) * DAYS_A_YEAR },
      encryption: describeEncryption(encryption),
      lifecycle: rules && readRules(rules.Rules ?? [], prefix),
    };
  });
}

function describeEncryption(found: GetBucketEncryptionCommandOutput | undefined): string | undefined {
  const rule = found?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
  return rule && [rule.SSEAlgorithm, rule.KMSMasterKeyID].filter(Boolean).join(' with ');
}

/** @returns `none` for an answer with this code, undefined when the role may not ask, or the store does not know how */
async function unlessDenied<T>(noneCode: RegExp, ask: () => Promise<T>, none: T): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const failure = readAwsFailure(error);
    if (noneCode.test(failure?.code ?? '')) return none;
    if (failure?.status === 403 || failure?.status === 501) return undefined;
    throw error;
  }
}

function readRules(
  rules: readonly LifecycleRule[],
  prefix: string,
): NonNullable<BucketSettings['lifecycle']> {
  // Landfall tags nothing, so that no rule for tagged objects touches what it writes.
  const touching = rules.filter((rule) => {
    const { Status, Filter } = rule;
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- rules that were made with it are still answered so
    const { Prefix } = rule;
    const of = Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? '';
    const isTagged = Filter?.Tag !== undefined || (Filter?.And?.Tags?.length ?? 0) > 0;
    return Status === 'Enabled' && !isTagged && (of.startsWith(prefix) || prefix.startsWith(of));
  });
  const nameOf = ({ ID }: LifecycleRule): string => `"${ID ?? 'without a name'}"`;
  const expires = ({ Expiration, NoncurrentVersionExpiration }: LifecycleRule): boolean =>
    Expiration?.Days !== undefined ||
    Expiration?.Date !== undefined ||
    NoncurrentVersionExpiration !== undefined;
  const archives = ({ Transitions = [] }: LifecycleRule): boolean =>
    Transitions.some(({ StorageClass }) => StorageClass === 'GLACIER' || StorageClass === 'DEEP_ARCHIVE');
  return {
    expiring: touching.filter(expires).map(nameOf),
    archiving: touching.filter(archives).map(nameOf),
    abortsUploads: touching.some((rule) => rule.AbortIncompleteMultipartUpload !== undefined),
  };
}
