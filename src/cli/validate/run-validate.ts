import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { localFileStore } from '../../adapters/local-file-store';
import type { ObjectStore } from '../../adapters/object-store';
import type { Pipeline } from '../../definition/pipeline';
import { checkFile } from '../../engine/check-file';
import { createEngineTempFolder } from '../../engine/engine-temp-folder';
import { ReportBuilder } from '../../report/build-report';
import type { ValidationReport } from '../../report/validation-report';
import { EXIT_CODES } from '../exit-code';
import { printJson } from '../print';
import { useRunningStack } from '../running-stack';
import type { ValidateOptions } from '../validate-command';
import { assignInputs, type Assigned } from './assign-inputs';
import { choosePipeline } from './choose-pipeline';
import { findInputs } from './find-inputs';
import { printVerdict } from './print-verdict';
import { showProgress } from './show-progress';
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
  const assigned = assignInputs(pipeline, await findInputs(given, openS3), table);
  const report = await checkAll(pipeline, assigned, openS3);
  if (reportFile !== undefined) await writeReportFile(reportFile, report);
  if (json) printJson(report);
  else printVerdict(report, reportFile);
  if (report.verdict === 'refused') process.exitCode = EXIT_CODES.refused;
}

/** One file after the other, in this process: checks hold no more than a few megabytes of any of them. */
async function checkAll(
  pipeline: Pipeline,
  { files, findings, notChecked }: Assigned,
  openS3: () => Promise<ObjectStore>,
): Promise<ValidationReport> {
  const builder = new ReportBuilder(pipeline);
  builder.addFindings(findings);
  const folder = createEngineTempFolder();
  const progress = showProgress(files.map(({ input }) => input.source.size));
  try {
    for (const { input, table } of files) {
      const tempFolder = await mkdtemp(join(folder, 'check-'));
      const result = await checkFile(
        { pipeline: pipeline.name, table, source: input.source },
        {
          store: input.isLocal ? localFileStore : await openS3(),
          pipelines: [pipeline],
          tempFolder,
          onProgress: progress.update,
        },
      );
      await rm(tempFolder, { recursive: true, force: true });
      builder.addFile({ table, file: input.shown, ...result });
      progress.next(result);
    }
  } finally {
    progress.end();
    await rm(folder, { recursive: true, force: true });
  }
  return builder.finish({ notChecked });
}
