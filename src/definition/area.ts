import { z } from 'zod';
import type { LockMode } from '../layout/object-protection';
import { bucketName } from './name-schemas';

/** SSE-KMS for what Landfall writes. Without it, the bucket's default encryption applies. */
export interface KmsEncryption {
  /** The key's ARN (best: an ID or alias is looked up in the account of whoever writes), ID or alias. */
  kmsKey: string;
  /** Whether an S3 Bucket Key is used. @default as the bucket has it */
  bucketKey?: boolean;
}

/** An area's bucket, and how what Landfall writes there is kept. */
export interface AreaDefinition {
  bucket: string;
  encryption?: KmsEncryption;
}

/** raw-hist alone can be locked: from all others something is deleted or written again. */
export interface ArchiveDefinition extends AreaDefinition {
  /** Retention of every archived object, until `days` (of 86,400 seconds) after its file_land_timestamp. */
  objectLock?: { mode: LockMode; days: number };
  /** Whether every archived object is under legal hold, until somebody lifts it. */
  legalHold?: boolean;
}

/** The buckets of a pipeline: a name, or a name and how objects are kept in it. */
export interface AreaDefinitions {
  land: string;
  rawHist: string | ArchiveDefinition;
  raw?: string | AreaDefinition;
  processed: string | AreaDefinition;
  curated: string | AreaDefinition;
  /** Rows that tables with `rejects` left out, and why. Only where a table has that. */
  rejects?: string | AreaDefinition;
  /** Where refused deliveries are moved. Without it they stay in land. */
  quarantine?: string | AreaDefinition;
  /** Manifests, stage records and reports: what makes a run provable. */
  log: string | AreaDefinition;
}

// S3's own limit for a default retention.
const MOST_DAYS = 36_500;
const KMS_KEY =
  /^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[\w/-]+|alias\/[\w/-]+|(mrk-)?[0-9a-f-]{32,36})$/;

const area = z.strictObject({
  bucket: bucketName,
  encryption: z
    .strictObject({
      kmsKey: z.string().regex(KMS_KEY, 'must be the ARN, the ID or the alias (alias/…) of a KMS key'),
      bucketKey: z.boolean().optional(),
    })
    .optional(),
});
const archive = area.extend({
  objectLock: z
    .strictObject({ mode: z.enum(['COMPLIANCE', 'GOVERNANCE']), days: z.int().min(1).max(MOST_DAYS) })
    .optional(),
  legalHold: z.boolean().optional(),
});

/** The fault of what is given as an object is told by the key inside it, not as "neither a name nor an object". */
const orName = (object: z.ZodType) =>
  z.unknown().superRefine((value, context) => {
    const parsed = (typeof value === 'object' && value !== null ? object : bucketName).safeParse(value);
    for (const issue of parsed.error?.issues ?? []) context.addIssue({ ...issue });
  });

const bucketOf = (given: unknown): unknown =>
  typeof given === 'object' && given !== null ? (given as { bucket?: unknown }).bucket : given;

/** Deleting in one area must never reach what another one keeps. */
const haveBucketsOfTheirOwn = (areas: Readonly<Record<string, unknown>>): boolean => {
  const buckets = Object.values(areas).flatMap((given) => bucketOf(given) ?? []);
  return new Set(buckets).size === buckets.length;
};

export const areasSchema = z
  .strictObject({
    land: bucketName,
    rawHist: orName(archive),
    raw: orName(area).optional(),
    processed: orName(area),
    curated: orName(area),
    rejects: orName(area).optional(),
    quarantine: orName(area).optional(),
    log: orName(area),
  })
  .refine(haveBucketsOfTheirOwn, 'must have a bucket of its own each');
