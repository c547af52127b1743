import { rm } from 'node:fs/promises';
import type { ObjectStore } from '../../adapters/object-store';
import { createEngineTempFolder } from '../../engine/engine-temp-folder';
import { EXIT_CODES } from '../exit-code';
import { printJson } from '../print';
import { useRunningStack } from '../running-stack';
import type { ValidateOptions } from '../validate-command';
import { assignInputs } from './assign-inputs';
import { checkInputs } from './check-inputs';
import { choosePipeline } from './choose-pipeline';
import { findInputs } from './find-inputs';
import { createInputStore } from './input-store';
import { printVerdict } from './print-verdict';
import { requireReportFile, writeReportFile } from './write-report-file';

/** One client for all files; where all are local, AWS is not even loaded. */
function openOnce(): () => Promise<ObjectStore> {
  let store: Promise<ObjectStore> | undefined;
  const open = async (): Promise<ObjectStore> => {
    useRunningStack();
    const { createS3ObjectStore } = await import('../../adapters/s3-object-store.js');
    return createS3ObjectStore();
  };
  return () => (store ??= open());
}

export async function runValidate(
  named: string,
  given: readonly string[],
  { module: modules = [], table, report: reportFile, json = false }: ValidateOptions,
): Promise<void> {
  if (reportFile !== undefined) await requireReportFile(reportFile);
  const pipeline = await choosePipeline(named, modules);
  const openS3 = openOnce();
  const inputs = await findInputs(given, openS3);
  const assigned = assignInputs(pipeline, inputs, table);
  const tempFolder = createEngineTempFolder();
  const store = createInputStore(inputs.files, openS3);
  const report = await checkInputs(pipeline, assigned, { store, tempFolder }).finally(() =>
    rm(tempFolder, { recursive: true, force: true }),
  );
  if (reportFile !== undefined) await writeReportFile(reportFile, report);
  if (json) printJson(report);
  else printVerdict(report, reportFile);
  if (report.verdict === 'refused') process.exitCode = EXIT_CODES.refused;
}
