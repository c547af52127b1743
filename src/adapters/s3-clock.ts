import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { expectAnswered } from './aws-answers';
import { explainFailures } from './aws-errors';
import type { CallOptions } from './object-store';
import { abortable, describeS3Call } from './s3-calls';
import type { S3Context } from './s3-context';

/** The store's own time, as its answers carry it (RFC 9110, "Date"): the clock that `LastModified` is of. */
export async function readStoreClock(
  { s3 }: S3Context,
  bucket: string,
  { signal }: CallOptions = {},
): Promise<number> {
  const call = describeS3Call('Asking the time of', 's3:ListBucket', { bucket, key: '' }, signal);
  let date: string | undefined;
  // Not HEAD, whose answer does not tell a missing bucket from anything else.
  const command = new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 });
  command.middlewareStack.add(
    (next) => async (args) => {
      const answered = await next(args);
      date = (answered.response as { headers?: Record<string, string> }).headers?.['date'];
      return answered;
    },
    { step: 'deserialize', name: 'readDate' },
  );
  await explainFailures(call, () => s3.send(command, abortable(signal)));
  const time = Date.parse(date ?? '');
  return expectAnswered(Number.isNaN(time) ? undefined : Math.floor(time / 1000), 'Date');
}
