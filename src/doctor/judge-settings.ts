import type { BucketSettings } from '../adapters/s3-inspect';
import type { Area } from './probe-buckets';
import { ok, warning, type ProbeResult, type Seen } from './probe';

/** What Landfall, or whoever reads from it, still needs however old it is. Of land: what waits to be taken. */
const KEPT: readonly Area[] = ['land', 'rawHist', 'processed', 'curated', 'quarantine', 'log'];

/** @returns undefined when no rule takes away what is needed */
export function judgeLifecycle(area: Area, { lifecycle }: BucketSettings): Seen | undefined {
  if (!lifecycle || !KEPT.includes(area)) return undefined;
  const { expiring, archiving } = lifecycle;
  if (expiring.length > 0) {
    return warning(
      `lifecycle rules that delete what is in it: ${expiring.join(', ')}`,
      area === 'rawHist'
        ? 'Remove or disable them: raw-hist is kept for ever.'
        : 'Remove or disable them, or limit them to other prefixes.',
    );
  }
  if (archiving.length === 0) return undefined;
  return warning(
    `lifecycle rules that archive what is in it: ${archiving.join(', ')}`,
    'Use a storage class that is read at once (such as GLACIER_IR), or expect reads to fail until objects are restored.',
  );
}

/** How the bucket keeps versions and locks, and what follows for the protocol. */
export function judgeVersions(area: Area, settings: BucketSettings): Seen {
  const { versioning, objectLock, encryption, lifecycle } = settings;
  const unread = lifecycle === undefined ? '; this role may not read its lifecycle rules' : '';
  const lock = objectLock === 'none' ? '' : `, Object Lock ${objectLock}`;
  const encrypted = encryption === undefined ? '' : `, encrypted with ${encryption} by default`;
  const seen = `versioning ${versioning}${lock}${encrypted}`;
  if (area === 'rawHist' && versioning !== 'enabled') {
    return warning(
      `${seen}${unread}: whoever may write there can overwrite an archived file for good`,
      'Enable versioning on it, best with Object Lock, and allow only Landfall to write.',
    );
  }
  if (area !== 'land') return ok(`${seen}${unread}`);
  const protocol =
    versioning === 'enabled'
      ? 'files are read, copied and deleted by version'
      : 'files are read, copied and deleted by ETag (If-Match), so that an upload of the same bytes counts as the same file; versioning is recommended';
  const locked =
    objectLock === 'none' || objectLock === 'unknown'
      ? ''
      : '; what is retained or held there stays, hidden by a delete marker, until a lifecycle rule (NoncurrentVersionExpiration) removes it';
  return ok(`${seen}${unread}: ${protocol}${locked}`);
}

/** One line for all buckets: a killed process leaves the parts of its uploads behind, which cost and are not listed. */
export function judgeUploads(settings: readonly { bucket: string; found: BucketSettings }[]): ProbeResult[] {
  const readable = settings.filter(({ found }) => found.lifecycle !== undefined);
  if (readable.length === 0) return [];
  const lacking = readable.filter(({ found }) => !found.lifecycle?.abortsUploads).map(({ bucket }) => bucket);
  const name = 'unfinished uploads';
  if (lacking.length === 0) return [{ name, ...ok('a lifecycle rule of each bucket aborts them') }];
  return [
    {
      name,
      ...warning(
        `no lifecycle rule aborts them in ${lacking.join(', ')}`,
        'Add a rule with AbortIncompleteMultipartUpload (7 days, say) to each.',
      ),
    },
  ];
}
