import { claimFile } from '../../activities/land/claim-file';
import { checkFileSizes, claimFiles } from '../../activities/land/plan-files';
import type { Finding } from '../../checks/finding';
import { findTable } from '../../definition/load-pipelines';
import type { Pipeline } from '../../definition/pipeline';
import { UsageError } from '../../errors';
import { pipelinePrefix } from '../../layout/object-keys';
import type { Input, Inputs } from './find-inputs';

export interface Assigned {
  files: { input: Input; table: string }[];
  findings: Finding[];
  /** What a run would check beside. */
  notChecked: string[];
  /** They were given as a whole delivery. */
  isWhole: boolean;
}

/** A time of their own is all that a file's keys need of a delivery. */
const SOME_TIMESTAMP = 1;
const ABOUT_ALL_FILES =
  'whether every required table has its files, how much there is of each, and whether names or keys are those of files that were not given: give the folder of a whole delivery';

/**
 * Finds each file's table, as a run does: by its folder and name.
 * @throws UsageError when a file is in no table's folder, or there is no such table
 */
export function assignInputs(pipeline: Pipeline, inputs: Inputs, table: string | undefined): Assigned {
  if (table !== undefined) {
    findTable([pipeline], pipeline.name, table);
    const files = inputs.files.map((input) => ({ input, table }));
    return {
      files,
      isWhole: false,
      findings: checkSizes(pipeline, files),
      notChecked: [
        `whether land would take the files, by folder and name, for table "${table}"`,
        ABOUT_ALL_FILES,
      ],
    };
  }
  return isWholeDelivery(pipeline, inputs)
    ? assignDelivery(pipeline, inputs.files)
    : assignEach(pipeline, inputs);
}

const nameOf = (path: string): string => path.split(/[/\\]/).at(-1) ?? '';

const isTableFolder = (pipeline: Pipeline, folder: string): boolean =>
  pipeline.tables.some((table) => table.folder === folder);

const isWholeDelivery = (pipeline: Pipeline, { folder }: Inputs): boolean =>
  folder !== undefined &&
  !isTableFolder(pipeline, nameOf(folder)) &&
  !/^file_land_timestamp=/.test(nameOf(folder));

const toLandObject = ({ source: { etag, size, lastModified } }: Input, key: string) => ({
  ...{ key, etag, size, lastModified },
});

function assignDelivery(pipeline: Pipeline, inputs: readonly Input[]): Assigned {
  const prefix = pipelinePrefix(pipeline);
  const byKey = new Map(
    inputs.map((input) => {
      // The whole area, or just this pipeline's folder of it.
      const at = `/${input.path}`.indexOf(`/${prefix}`);
      return [prefix + (at === -1 ? input.path : input.path.slice(at + prefix.length)), input] as const;
    }),
  );
  const objects = [...byKey].map(([key, input]) => toLandObject(input, key));
  const claimed = claimFiles(pipeline, { fileLandTimestamp: SOME_TIMESTAMP, objects });
  return {
    files: claimed.files.flatMap(({ key, table }) => {
      const input = byKey.get(key);
      return input ? [{ input, table }] : [];
    }),
    isWhole: true,
    findings: claimed.findings.map((finding) => showAs(finding, byKey.get(finding.file ?? ''))),
    notChecked: [
      ...(claimed.notes.length > 0 ? ["what the supplier's manifest says of the files"] : []),
      ...describeHistory(pipeline, claimed.files),
    ],
  };
}

/** Of tables that have files, since no other is compared. */
function describeHistory(pipeline: Pipeline, files: readonly { table: string }[]): string[] {
  const compared = pipeline.tables.filter(
    ({ name, volumes }) => volumes.history && files.some(({ table }) => table === name),
  );
  const names = compared.map(({ name }) => name).join(', ');
  return names === '' ? [] : [`how much there is of ${names}, compared with earlier deliveries`];
}

const checkSizes = (pipeline: Pipeline, files: Assigned['files']): Finding[] =>
  checkFileSizes(
    pipeline,
    files.map(({ input, table }) => ({ table, key: input.shown, size: input.source.size })),
  );

const showAs = (finding: Finding, input: Input | undefined): Finding =>
  input ? { ...finding, file: input.shown } : finding;

function assignEach(pipeline: Pipeline, { files: inputs, folder }: Inputs): Assigned {
  const assigned: Assigned = { files: [], findings: [], notChecked: [ABOUT_ALL_FILES], isWhole: false };
  for (const input of inputs) {
    const path = folder === undefined ? input.path : `${folder}/${input.path}`;
    const key = `${pipelinePrefix(pipeline)}${tableFolderOf(pipeline, input, path)}/${nameOf(path)}`;
    const claimed = claimFile(pipeline, SOME_TIMESTAMP, toLandObject(input, key));
    if ('code' in claimed) assigned.findings.push(showAs(claimed, input));
    else assigned.files.push({ input, table: claimed.table });
  }
  assigned.findings.push(...checkSizes(pipeline, assigned.files));
  return assigned;
}

function tableFolderOf(pipeline: Pipeline, { shown }: Input, path: string): string {
  const folders = path.split(/[/\\]/).slice(0, -1);
  if (/^file_land_timestamp=/.test(folders.at(-1) ?? '')) folders.pop();
  const folder = folders.at(-1) ?? '';
  if (isTableFolder(pipeline, folder)) return folder;
  throw new UsageError({
    happened: `${shown} is in no table's folder, so it is not known which table it is of.`,
    next: `Say which with --table (${pipeline.tables.map(({ name }) => name).join(', ')}), or put it in its table's folder (${pipeline.tables.map((each) => `${each.folder}/`).join(', ')}).`,
  });
}
