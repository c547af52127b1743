import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { awsSettings, configuredEndpoint } from './aws-settings';

/** From the environment; `overrides` are for stores and tests that need other settings. */
export function createS3Client(overrides: S3ClientConfig = {}): S3Client {
  return new S3Client({
    ...awsSettings(),
    // Stores other than AWS's have no host name per bucket.
    forcePathStyle: configuredEndpoint('S3') !== undefined,
    // CRC32 of every body and part, so that the store refuses what arrives damaged; all bodies are buffers, so no
    // store sees the chunked trailers that some do not know.
    requestChecksumCalculation: 'WHEN_SUPPORTED',
    // CRC64NVME, which suppliers' tools set, is plain JavaScript here (measured: 118 MiB/s). TLS guards the wire,
    // reads count their bytes, and every stage compares SHA-256.
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...overrides,
  });
}
