import { createHash } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';

export const AREA_BUCKETS = ['mojap-land', 'mojap-raw-hist', 'mojap-raw', 'mojap-processed', 'mojap-curated'];

/** Everything that is in the areas: what must not change when nothing is to be done. */
export async function listAreas(s3: S3Client): Promise<Map<string, { size: number; state: string }>> {
  const objects = new Map<string, { size: number; state: string }>();
  for (const Bucket of AREA_BUCKETS) {
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken }));
      for (const { Key, Size = 0, ETag, LastModified } of page.Contents ?? []) {
        objects.set(`${Bucket}/${Key ?? ''}`, {
          size: Size,
          state: `${ETag ?? ''} ${LastModified?.toISOString() ?? ''}`,
        });
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
  }
  return objects;
}

/** Draws buckets, folders and objects as a tree. */
export function drawTree(objects: ReadonlyMap<string, { size: number }>): string {
  interface Folder {
    [name: string]: Folder | number;
  }
  const root: Folder = Object.fromEntries(AREA_BUCKETS.map((bucket) => [bucket, {}]));
  for (const [path, { size }] of objects) {
    const names = path.split('/');
    const file = names.pop() ?? '';
    let folder = root;
    for (const name of names) folder = (folder[name] ??= {}) as Folder;
    folder[file] = size;
  }
  const lines: string[] = [];
  const draw = (folder: Folder, indent: string): void => {
    const entries = Object.entries(folder);
    entries.forEach(([name, content], index) => {
      const isLast = index === entries.length - 1;
      const text = typeof content === 'number' ? `${name}  ${content.toLocaleString('en-GB')} bytes` : name;
      lines.push(`${indent}${isLast ? '└── ' : '├── '}${text}`);
      if (typeof content !== 'number') draw(content, `${indent}${isLast ? '    ' : '│   '}`);
    });
  };
  for (const [bucket, content] of Object.entries(root)) {
    const isEmpty = Object.keys(content).length === 0;
    lines.push(`s3://${bucket}${isEmpty ? '  (empty)' : ''}`);
    draw(content as Folder, '');
  }
  return lines.join('\n');
}

export async function readObject(s3: S3Client, bucket: string, key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

export const sha256 = (bytes: Buffer): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 12);
