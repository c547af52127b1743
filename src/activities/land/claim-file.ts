import type { Finding } from '../../checks/finding';
import type { Pipeline } from '../../definition/pipeline';
import { formatEndings } from '../../definition/format';
import { findClaimingTables, type Claims } from '../../layout/assign-tables';
import { findKeyProblem, findLengthProblem, parseLandKey, type LandKey } from '../../layout/land-key';
import { archiveKey, pipelinePrefix, processedKey, processedPartKey } from '../../layout/object-keys';
import type { PinnedLandObject, PlannedFile } from '../records';

const claimsOf = (pipeline: Pipeline): Claims[] =>
  pipeline.tables.map(({ name, folder, files, format }) => ({
    name,
    folder,
    fileName: files.name,
    endings: formatEndings(format),
  }));

function findClaims(pipeline: Pipeline, key: string): { landed: LandKey | undefined; claiming: Claims[] } {
  const landed = parseLandKey(pipelinePrefix(pipeline), key);
  return {
    landed,
    claiming: landed ? findClaimingTables(claimsOf(pipeline), landed.tableFolder, landed.fileName) : [],
  };
}

/**
 * Today's table of a file that a table claimed once: the one of that name or, since a table is its folder whatever its
 * name, the one that claims the file now.
 */
export function findTableOf(
  pipeline: Pipeline,
  { table, key }: { table: string; key: string },
): string | undefined {
  if (pipeline.tables.some(({ name }) => name === table)) return table;
  const [claiming, second] = findClaims(pipeline, key).claiming;
  return second ? undefined : claiming?.name;
}

/** @returns the finding that says why it cannot be taken, where it cannot */
export function claimFile(
  pipeline: Pipeline,
  fileLandTimestamp: number,
  object: PinnedLandObject,
): PlannedFile | Finding {
  const unsafe = (received: string): Finding => ({
    code: 'unsafe-key',
    file: object.key,
    received,
    count: 1,
    samples: [],
  });
  const problem = findKeyProblem(object.key);
  if (problem) return unsafe(problem);
  const { landed, claiming } = findClaims(pipeline, object.key);
  const [table, second] = claiming;
  if (!landed || !table) {
    const expected = claimsOf(pipeline)
      .map(({ folder, endings }) => `${folder}/*${endings.join(' or ')}`)
      .join(', ');
    return { code: 'unknown-file', file: object.key, expected, count: 1, samples: [] };
  }
  if (second) {
    return {
      code: 'two-tables',
      file: object.key,
      received: claiming.map(({ name }) => name).join(', '),
      count: 1,
      samples: [],
    };
  }
  const { tableFolder, fileName } = landed;
  const file = { tableFolder, fileName, fileLandTimestamp };
  const keys = { archiveKey: archiveKey(pipeline, file), processedKey: processedKey(pipeline, file) };
  const tooLong = findLengthProblem([keys.archiveKey, processedPartKey(keys.processedKey, 1)]);
  return tooLong ? unsafe(tooLong) : { ...object, table: table.name, fileName, ...keys };
}
