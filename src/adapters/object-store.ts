import type { Readable } from 'node:stream';
import type { LockMode } from '../layout/object-protection';

/** Where an object is. */
export interface ObjectLocation {
  bucket: string;
  key: string;
}

/** One version of one object, so that nothing read, copied or deleted through it can be another. */
export interface PinnedObject extends ObjectLocation {
  /** Only where the bucket keeps versions. */
  versionId?: string;
  etag: string;
  /** Bytes. */
  size: number;
}

export interface ListedObject extends PinnedObject {
  /** UTC epoch seconds, rounded down. */
  lastModified: number;
}

/** How an object is kept, as far as HEAD tells. */
export interface StoredProtection {
  /** `AES256`, `aws:kms` … */
  encryption?: string;
  kmsKey?: string;
  /** `until` in UTC epoch seconds; it may have passed. */
  retention?: { mode: LockMode; until: number };
  legalHold: boolean;
}

export interface StoredObject extends PinnedObject {
  lastModified: number;
  metadata: Readonly<Record<string, string>>;
  contentType: string | undefined;
  protection: StoredProtection;
}

export interface OpenedObject {
  stored: StoredObject;
  body: Readable;
}

export interface WriteOptions {
  contentType?: string;
  contentEncoding?: string;
  metadata?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

export interface CallOptions {
  signal?: AbortSignal;
}

export type Deletion = 'deleted' | 'gone' | 'changed' | 'locked';

/**
 * The few verbs that the protocol needs of S3. Every write that must not overwrite is conditional in the store
 * itself, never checked beforehand.
 *
 * All of them throw SetupError for what a person has to mend (a missing bucket, access, credentials, region),
 * UnavailableError for what passes by itself (network, overload), and the signal's reason when it is aborted.
 */
export interface ObjectStore {
  /** The current objects below a prefix, in key order, with their VersionId where the bucket keeps versions. */
  list(
    bucket: string,
    prefix: string,
    options?: CallOptions & { startAfter?: string },
  ): AsyncIterable<ListedObject>;
  /** UTC epoch seconds by the store's own clock, which is the one of `lastModified`. */
  readClock(bucket: string, options?: CallOptions): Promise<number>;
  /** @returns undefined when there is no such object, or no such bucket: HEAD does not tell them apart */
  head(
    location: ObjectLocation & { versionId?: string },
    options?: CallOptions,
  ): Promise<StoredObject | undefined>;
  /**
   * The bytes of just this version.
   * @throws SourceChangedError when it is gone or another has taken its place
   */
  read(object: PinnedObject, options?: CallOptions): Promise<Readable>;
  /**
   * An object as it is now, with its bytes: one call where HEAD and a read would be two.
   * @returns undefined when there is no such object; otherwise the body is to be read or destroyed
   */
  open(location: ObjectLocation, options?: CallOptions): Promise<OpenedObject | undefined>;
  /** @returns undefined when there is no such object */
  readText(location: ObjectLocation, options?: CallOptions): Promise<string | undefined>;
  /** Writes or replaces. A stream of any length is sent in parts; nothing is visible before all of it is there. */
  write(location: ObjectLocation, body: Readable | Buffer | string, options?: WriteOptions): Promise<void>;
  /**
   * Writes only where nothing is (`IfNoneMatch: '*'`).
   * @returns 'exists' when something is there already, which may be our own write whose answer was lost
   */
  writeOnce(
    location: ObjectLocation,
    body: Readable | Buffer | string,
    options?: WriteOptions,
  ): Promise<'written' | 'exists'>;
  /**
   * Copies inside the store, only this version and only where nothing is: CreateMultipartUpload, UploadPartCopy
   * (`CopySourceIfMatch`), CompleteMultipartUpload (`IfNoneMatch: '*'`), since CopyObject's own condition is not
   * honoured by every store. Metadata and content type are what `options` says.
   * @throws SourceChangedError when the source is gone or another has taken its place
   * @throws ConflictError when another upload to the same key is under way (409); call again
   */
  copyOnce(
    source: PinnedObject,
    target: ObjectLocation,
    options?: WriteOptions,
  ): Promise<'written' | 'exists'>;
  /**
   * Deletes just this version: by VersionId, or with `IfMatch` where the bucket keeps none; there, an upload of the
   * same bytes has the same ETag and is the same object. A newer version of a kept one stays, and is current.
   * @returns 'gone' when it was not there any more, 'changed' when another has taken its place (and stays), 'locked'
   * when retention or a legal hold keeps it: a delete marker hides it then, so that it is no current object any more
   */
  delete(object: PinnedObject, options?: CallOptions): Promise<Deletion>;
}
