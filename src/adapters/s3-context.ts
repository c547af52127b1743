import type { S3Client } from '@aws-sdk/client-s3';
import type { ProtectionOf } from '../layout/object-protection';

/** Bounds of memory and of requests; S3 takes parts of 5 MiB to 5 GiB, 10,000 of them. */
export interface S3Limits {
  /** Bytes of a part that is sent from here. Memory a write: `(concurrentParts + 1) * partBytes`. */
  partBytes: number;
  /** Bytes of a part that is copied inside the store. */
  copyPartBytes: number;
  concurrentParts: number;
  /** Keys (or versions) a page of a listing. */
  pageKeys: number;
}

export const DEFAULT_S3_LIMITS: S3Limits = {
  partBytes: 16 * 1024 ** 2,
  copyPartBytes: 512 * 1024 ** 2,
  concurrentParts: 4,
  pageKeys: 1000,
};

export const MAX_PARTS = 10_000;

export interface S3Context {
  s3: S3Client;
  limits: S3Limits;
  /** How what is written at a location is to be kept. */
  protectionOf: ProtectionOf;
}

/** Everything as the buckets have it. */
export const UNPROTECTED: ProtectionOf = () => ({});
