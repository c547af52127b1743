import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { TestPipeline } from '../support/test-pipeline';
import { hashArea } from './content';
import { findRewritten } from './write-once';

const AREAS = ['land', 'rawHist', 'raw', 'processed', 'curated', 'quarantine', 'rejects'] as const;

/** What there is in the end: keys and content of every area, which records there are, and what Glue points at. */
export type Snapshot = Readonly<Record<string, string>>;

/** Names that differ from pipeline to pipeline are made equal; records tell of times and runs, so that only their names count. */
export async function takeSnapshot(pipeline: TestPipeline): Promise<Snapshot> {
  const neutral = (text: string): string =>
    text
      .replaceAll(pipeline.name, 'PIPELINE')
      .replaceAll(pipeline.database, 'DATABASE')
      .replace(/\/runs\/[^/]+\//, '/runs/RUN/');
  const areas = await Promise.all(
    AREAS.map(async (area) =>
      (await hashArea(pipeline, area)).map(({ key, sha256 }) => [neutral(`${area}/${key}`), sha256]),
    ),
  );
  const rewritten = (await findRewritten(pipeline)).map((key) => [neutral(`second version of ${key}`), '']);
  const records = (await pipeline.list('log')).map((key) => [neutral(`log/${key}`), 'a record']);
  const database = await createGlueCatalogue().readDatabase(pipeline.database);
  // Of two tables that are created at once, a retried one comes later; nobody promises their order.
  const tables = [...(database?.tables ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
  const glue = neutral(JSON.stringify({ database: database && { ...database, tables } }));
  return Object.fromEntries([...areas.flat(), ...records, ...rewritten, ['glue', glue]]) as Snapshot;
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
