import { randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ProtectionOf } from '../layout/object-protection';
import { explainFailures, readAwsFailure } from './aws-errors';
import { expectAnswered } from './aws-answers';
import type { CallOptions, ObjectLocation } from './object-store';
import { abortable, describeS3Call, isPreconditionFailed } from './s3-calls';
import { UNPROTECTED } from './s3-context';
import { describeNewObject } from './s3-new-object';

/** What the protocol relies on the store for, and what would happen on one that ignores it. */
export const CONDITIONS = {
  'put-if-absent': 'PutObject with If-None-Match (records would be overwritten)',
  'complete-if-absent': 'CompleteMultipartUpload with If-None-Match (archived files would be overwritten)',
  'copy-if-match':
    'UploadPartCopy with x-amz-copy-source-if-match (other bytes than were checked would be archived)',
  'read-if-match': 'GetObject with If-Match (other bytes than were listed would be checked)',
  'delete-if-match': 'DeleteObject with If-Match (an upload that was not archived would be deleted)',
} as const;
export type Condition = keyof typeof CONDITIONS;

/** What came of doing what a condition forbids: it was refused, done, or (for the reason given) neither. */
export type Outcome = 'refused' | 'done' | { why: string };

export interface ConditionReport {
  honoured: Condition[];
  /** The store did what the condition forbids. */
  ignored: Condition[];
  /** Neither was shown: the store's words. */
  unproven: { condition: Condition; why: string }[];
  /** The same of copies into other buckets, in which nothing is ever left: their uploads are aborted. */
  copiesInto: { bucket: string; outcome: Outcome }[];
  /** The probe object that could not be deleted afterwards. */
  leftBehind?: ObjectLocation;
}

/** Also where the probe itself was given up. */
const SWEEP_MS = 5_000;
const NO_ETAG = '"00000000000000000000000000000000"';

interface Probe extends ObjectLocation {
  s3: S3Client;
  protectionOf: ProtectionOf;
  etag: string;
  /** All that the probe has made, wanted or not. */
  versionIds: Set<string | undefined>;
  http: { abortSignal?: AbortSignal };
}

interface ProbeOptions extends CallOptions {
  copyInto?: readonly ObjectLocation[];
  /** A bucket may refuse what is not encrypted as its policy asks. */
  protectionOf?: ProtectionOf;
}

/**
 * Writes a small object of a name of its own below `prefix`, tries each thing that a condition must forbid, and deletes
 * what it made. Into `copyInto` (raw-hist, from which nothing may be deleted) it begins copies that it does not complete.
 * @throws SetupError, UnavailableError when the object cannot be written: nothing is known of the conditions then
 */
export async function probeConditions(
  s3: S3Client,
  bucket: string,
  prefix: string,
  { signal, copyInto = [], protectionOf = UNPROTECTED }: ProbeOptions = {},
): Promise<ConditionReport> {
  const key = `${prefix}${randomUUID()}`;
  const probe: Probe = {
    ...{ s3, protectionOf, bucket, key },
    ...{ etag: '', versionIds: new Set(), http: abortable(signal) },
  };
  const report: ConditionReport = { honoured: [], ignored: [], unproven: [], copiesInto: [] };
  const call = describeS3Call('Probing with', 's3:PutObject and s3:GetObject', probe, signal);
  try {
    await explainFailures(call, () => begin(probe));
    for (const [condition, attempt] of Object.entries(ATTEMPTS) as [Condition, Attempt][]) {
      // An ignored condition may have replaced or deleted the object that the next one is tried on.
      if (report.ignored.length > 0) await explainFailures(call, () => begin(probe));
      const outcome = await explainFailures(call, () => tryForbidden(probe, attempt));
      if (outcome === 'refused') report.honoured.push(condition);
      else if (outcome === 'done') report.ignored.push(condition);
      else report.unproven.push({ condition, why: outcome.why });
    }
    if (report.ignored.length > 0) await explainFailures(call, () => begin(probe));
    for (const target of copyInto) {
      const outcome = await explainFailures(call, () =>
        tryForbidden(probe, (source) => beginCopy(source, target)),
      );
      report.copiesInto.push({ bucket: target.bucket, outcome });
    }
  } finally {
    if (!(await sweep(probe))) report.leftBehind = { bucket, key };
  }
  return report;
}

async function begin(probe: Probe): Promise<void> {
  const { s3, bucket: Bucket, key: Key, http } = probe;
  const put = { ...describeNewObject(probe, probe), Body: 'probe', IfNoneMatch: '*' };
  try {
    await s3.send(new PutObjectCommand(put), http);
  } catch (error) {
    // It is there already: still, or by an attempt whose answer was lost.
    if (!isPreconditionFailed(error)) throw error;
  }
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key }), http);
  probe.versionIds.add(head.VersionId);
  probe.etag = expectAnswered(head.ETag, 'ETag');
}

/** Does what the condition forbids. */
type Attempt = (probe: Probe) => Promise<void>;

const ATTEMPTS: Record<Condition, Attempt> = {
  'put-if-absent': async (probe) => {
    const put = { ...describeNewObject(probe, probe), Body: 'overwritten', IfNoneMatch: '*' };
    probe.versionIds.add((await probe.s3.send(new PutObjectCommand(put), probe.http)).VersionId);
  },
  'complete-if-absent': (probe) =>
    inUpload(probe, probe, async (UploadId) => {
      const { s3, bucket: Bucket, key: Key, http } = probe;
      const copied = await s3.send(copyPart(probe, probe, UploadId, probe.etag), http);
      const { ETag, ChecksumCRC32 } = expectAnswered(copied.CopyPartResult, 'CopyPartResult');
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag, ChecksumCRC32 }] };
      const complete = { Bucket, Key, UploadId, MultipartUpload, IfNoneMatch: '*' };
      probe.versionIds.add((await s3.send(new CompleteMultipartUploadCommand(complete), http)).VersionId);
    }),
  'copy-if-match': (probe) =>
    inUpload(probe, probe, async (UploadId) => {
      await probe.s3.send(copyPart(probe, probe, UploadId, NO_ETAG), probe.http);
    }),
  'read-if-match': async ({ s3, bucket: Bucket, key: Key, http }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, IfMatch: NO_ETAG }), http);
    await Body?.transformToByteArray();
  },
  'delete-if-match': async (probe) => {
    const { s3, bucket: Bucket, key: Key, http } = probe;
    const deleted = await s3.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: NO_ETAG }), http);
    probe.versionIds.add(deleted.VersionId);
  },
};

/** An upload of which nothing is ever visible: it is aborted unless `work` completes it. */
async function inUpload(
  { s3, http, protectionOf }: Probe,
  { bucket: Bucket, key: Key }: ObjectLocation,
  work: (uploadId: string) => Promise<void>,
): Promise<void> {
  const create = describeNewObject({ protectionOf }, { bucket: Bucket, key: Key });
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(create), http);
  try {
    await work(expectAnswered(UploadId, 'UploadId'));
  } finally {
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => undefined);
  }
}

/** The copy that is allowed, then the one that is not. */
const beginCopy = (probe: Probe, target: ObjectLocation): Promise<void> =>
  inUpload(probe, target, async (UploadId) => {
    await probe.s3.send(copyPart(probe, target, UploadId, probe.etag), probe.http);
    await probe.s3.send(copyPart(probe, target, UploadId, NO_ETAG), probe.http);
  });

const copyPart = (source: ObjectLocation, target: ObjectLocation, UploadId: string, etag: string) =>
  new UploadPartCopyCommand({
    Bucket: target.bucket,
    Key: target.key,
    UploadId,
    PartNumber: 1,
    CopySource: `${source.bucket}/${source.key.split('/').map(encodeURIComponent).join('/')}`,
    CopySourceIfMatch: etag,
  });

/** A store that does not know a condition may say so (501), and a role may be denied the deed: nothing is shown then. */
async function tryForbidden(probe: Probe, attempt: Attempt): Promise<Outcome> {
  try {
    await attempt(probe);
    return 'done';
  } catch (error) {
    if (isPreconditionFailed(error)) return 'refused';
    const failure = readAwsFailure(error);
    const { status, code, message } = failure ?? {};
    if (status === 403 || status === 501 || status === 400) return { why: `${code}: ${message}` };
    throw error;
  }
}

/** @returns false when something of it may still be there */
async function sweep({ s3, bucket: Bucket, key: Key, versionIds }: Probe): Promise<boolean> {
  const http = { abortSignal: AbortSignal.timeout(SWEEP_MS) };
  try {
    for (const VersionId of versionIds) {
      const one = { Bucket, Key, ...(VersionId && { VersionId }) };
      const deleted = await s3.send(new DeleteObjectCommand(one), http);
      // Where versioning is suspended, a deletion leaves a marker that is deleted in its turn.
      if (!VersionId && deleted.DeleteMarker && deleted.VersionId)
        await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: deleted.VersionId }), http);
    }
    return true;
  } catch {
    return false;
  }
}
