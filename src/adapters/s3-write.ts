import { addAbortSignal, type Readable } from 'node:stream';
import { PutObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { LandfallError } from '../errors';
import type { ObjectLocation, WriteOptions } from './object-store';
import { explainFailures } from './aws-errors';
import { forEachBounded } from './bounded';
import { abortable, describeS3Call, toS3Url } from './s3-calls';
import { MAX_PARTS, type S3Context } from './s3-context';
import { describeNewObject, permissionsToWrite } from './s3-new-object';
import { refuseToReplace, uploadInParts, type UploadedParts, type UploadTarget } from './s3-multipart';

type Body = Readable | Buffer | string;

export async function writeObject(
  context: S3Context,
  location: ObjectLocation,
  body: Body,
  options: WriteOptions = {},
): Promise<void> {
  await writeBody(context, { ...location, once: false, options }, body);
}

export async function writeObjectOnce(
  context: S3Context,
  location: ObjectLocation,
  body: Body,
  options: WriteOptions = {},
): Promise<'written' | 'exists'> {
  return writeBody(context, { ...location, once: true, options }, body);
}

async function writeBody(
  context: S3Context,
  target: UploadTarget,
  body: Body,
): Promise<'written' | 'exists'> {
  if (Buffer.isBuffer(body) || typeof body === 'string') return putObject(context, target, Buffer.from(body));
  const { signal } = target.options;
  if (signal) addAbortSignal(signal, body);
  const { partBytes } = context.limits;
  try {
    const parts = cutIntoParts(body, partBytes);
    const first = (await parts.next()).value ?? Buffer.alloc(0);
    if (first.length < partBytes) return await putObject(context, target, first);
    return await uploadInParts(context, target, (uploadId) =>
      sendParts(context, target, uploadId, putBack(first, parts)),
    );
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    body.destroy();
  }
}

async function* cutIntoParts(body: Readable, partBytes: number): AsyncGenerator<Buffer, undefined> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer | string>) {
    let rest = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    while (bytes + rest.length >= partBytes) {
      const cut = partBytes - bytes;
      yield Buffer.concat([...chunks, rest.subarray(0, cut)], partBytes);
      rest = rest.subarray(cut);
      chunks = [];
      bytes = 0;
    }
    if (rest.length > 0) chunks.push(rest);
    bytes += rest.length;
  }
  if (bytes > 0) yield Buffer.concat(chunks, bytes);
}

async function* putBack(first: Buffer, rest: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  yield first;
  yield* rest;
}

async function sendParts(
  { s3, limits }: S3Context,
  target: UploadTarget,
  uploadId: string,
  bodies: AsyncIterable<Buffer>,
): Promise<UploadedParts> {
  const { bucket, key, options } = target;
  const parts: UploadedParts['parts'] = [];
  let bytes = 0;
  let begun = 0;
  await forEachBounded(bodies, limits.concurrentParts, async (body) => {
    const PartNumber = ++begun;
    if (PartNumber > MAX_PARTS) throw tooLarge(target, limits.partBytes);
    const part = new UploadPartCommand({
      Bucket: bucket,
      Key: key,
      UploadId: uploadId,
      PartNumber,
      Body: body,
    });
    const sent = await explainFailures(
      describeS3Call('Writing', 's3:PutObject', target, options.signal),
      () => s3.send(part, abortable(options.signal)),
    );
    parts.push({ PartNumber, ETag: sent.ETag, ChecksumCRC32: sent.ChecksumCRC32 });
    bytes += body.length;
  });
  return { parts, bytes };
}

const tooLarge = (target: UploadTarget, partBytes: number): LandfallError =>
  new LandfallError({
    happened: `${toS3Url(target)} is larger than ${MAX_PARTS} parts of ${partBytes} bytes, as many as S3 takes.`,
    unchanged: 'Nothing was written.',
    next: 'Split the file, or raise partBytes of the object store.',
  });

export async function putObject(
  context: S3Context,
  target: UploadTarget,
  body: Buffer,
): Promise<'written' | 'exists'> {
  const { once, options } = target;
  const command = new PutObjectCommand({
    ...describeNewObject(context, target, options),
    Body: body,
    ...(once && { IfNoneMatch: '*' }),
  });
  const send = () => context.s3.send(command, abortable(options.signal));
  const permissions = permissionsToWrite(context, target, 's3:PutObject');
  return explainFailures(describeS3Call('Writing', permissions, target, options.signal), () =>
    once ? refuseToReplace(send) : send().then(() => 'written' as const),
  );
}
