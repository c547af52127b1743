import { createHash } from 'node:crypto';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { TestPipeline } from '../support/test-pipeline';

const AREAS = ['land', 'rawHist', 'raw', 'processed', 'curated', 'log'] as const;

/** What there is in the end: keys and content of every area, which records there are, and what Glue points at. */
export type Snapshot = Readonly<Record<string, string>>;

/** Names that differ from pipeline to pipeline are made equal; records tell of times and runs, so that only their names count. */
export async function takeSnapshot(pipeline: TestPipeline): Promise<Snapshot> {
  const neutral = (text: string): string =>
    text
      .replaceAll(pipeline.name, 'PIPELINE')
      .replaceAll(pipeline.database, 'DATABASE')
      .replace(/\/runs\/[^/]+\//, '/runs/RUN/');
  const found: Record<string, string> = {};
  for (const area of AREAS) {
    for (const key of await pipeline.list(area)) {
      const body = await pipeline.read(area, key);
      found[neutral(`${area}/${key}`)] =
        area === 'log' ? 'a record' : createHash('sha256').update(body).digest('hex');
    }
  }
  found['glue'] = neutral(JSON.stringify(await createGlueCatalogue().readDatabase(pipeline.database)));
  return found;
}

/** What of `actual` is not as in `expected`, in words. */
export function compareSnapshots(expected: Snapshot, actual: Snapshot): string[] {
  const differences: string[] = [];
  for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    if (actual[name] === undefined) differences.push(`lost: ${name}`);
    else if (expected[name] === undefined) differences.push(`too much: ${name}`);
    else if (expected[name] !== actual[name]) differences.push(`changed: ${name}`);
  }
  return differences;
}
