import { createHash } from 'node:crypto';
import type { AreaBuckets } from '../../src/definition/pipeline';
import type { TestPipeline } from '../support/test-pipeline';

export const sha256 = (body: string | Buffer): string => createHash('sha256').update(body).digest('hex');

export interface HashedObject {
  key: string;
  sha256: string;
}

/** Objects read at once. */
const READS = 16;

/** A Parquet file's footer names the pipeline; the names of all of them are equally long. */
function nameless(content: Buffer, { name }: TestPipeline): Buffer {
  const without = Buffer.from(content);
  for (let at = without.indexOf(name); at !== -1; at = without.indexOf(name, at))
    without.fill('-', at, at + name.length);
  return without;
}

/** Every object of an area by content without the pipeline's name, in the order of their keys. */
export async function hashArea(pipeline: TestPipeline, area: keyof AreaBuckets): Promise<HashedObject[]> {
  const keys = await pipeline.list(area);
  const hashed: HashedObject[] = [];
  for (let start = 0; start < keys.length; start += READS) {
    const some = keys.slice(start, start + READS);
    hashed.push(
      ...(await Promise.all(
        some.map(async (key) => ({
          key,
          sha256: sha256(nameless(await pipeline.read(area, key), pipeline)),
        })),
      )),
    );
  }
  return hashed;
}

/** What raw-hist holds, in the order of its keys, which carry the timestamp. */
export const hashArchive = async (pipeline: TestPipeline): Promise<string[]> =>
  (await hashArea(pipeline, 'rawHist')).map((object) => object.sha256);
