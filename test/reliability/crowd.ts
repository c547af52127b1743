import type { LandfallClient } from '../../src/client';
import type { TestPipeline } from '../support/test-pipeline';
import { hashArchive, sha256 } from './content';

/** Of the crowd's file with this number; no two are the same. */
export const contentOf = (file: number): string => `id\n${file + 1}\n`;

/** What is wrong where each of so many files ought to be in raw-hist once. */
export async function judgeCrowdsArchive(pipeline: TestPipeline, files: number): Promise<string[]> {
  const wrong: string[] = [];
  const archived = await hashArchive(pipeline);
  for (let file = 0; file < files; file += 1) {
    const times = archived.filter((each) => each === sha256(contentOf(file))).length;
    if (times !== 1) wrong.push(`file ${file} is in raw-hist ${times} times`);
  }
  if (archived.length !== files) wrong.push(`${archived.length} objects in raw-hist of ${files} files`);
  return wrong;
}

/** What is wrong where a pipeline's runs are to have come one after the other, as Temporal tells of them. */
export async function judgeTurns(client: LandfallClient, { name }: TestPipeline): Promise<string[]> {
  const runs = (await client.listRuns(name, 100)).reverse();
  return runs.flatMap(({ fileLandTimestamp, startedAt }, place) => {
    const before = runs[place - 1];
    return before?.endedAt && startedAt < before.endedAt
      ? [`the run of ${fileLandTimestamp} began while that of ${before.fileLandTimestamp} went on`]
      : [];
  });
}
