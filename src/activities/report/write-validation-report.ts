import { collectDecisive } from '../../checks/judge-delivery';
import { addVolume, type Volume } from '../../checks/judge-volumes';
import type { Finding } from '../../checks/finding';
import type { Pipeline } from '../../definition/pipeline';
import { validationReportKey } from '../../layout/log-keys';
import { ReportBuilder } from '../../report/build-report';
import { renderPage } from '../../report/render-page';
import type { ValidationReport } from '../../report/validation-report';
import { eachBatchRecord } from '../batch';
import { currentRunId } from '../context';
import type { Dependencies } from '../dependencies';
import { writeRecord, type CheckedFile, type Plan } from '../records';

export interface GatheredReport {
  builder: ReportBuilder;
  /** What a verdict depends on: all that may be accepted, and of the rest one for each table. */
  decisive: Finding[];
  /** How much came for each table. */
  received: ReadonlyMap<string, Volume>;
}

/** Reads what every file came to, one batch at a time; what is kept is bounded. */
export async function gatherReport(
  dependencies: Dependencies,
  pipeline: Pipeline,
  plan: Plan,
): Promise<GatheredReport> {
  const builder = new ReportBuilder(pipeline);
  builder.addFindings(plan.findings);
  const decisive = collectDecisive(plan.findings);
  const received = new Map<string, Volume>();
  for await (const checked of eachBatchRecord<CheckedFile>(dependencies, pipeline, 'check')) {
    const { table, key, size, ...came } = checked;
    received.set(table, addVolume(received.get(table), came.rows, size));
    builder.addFile({ ...came, table, file: key, bytes: size });
    decisive.add(table, checked.findings);
  }
  return { builder, decisive: decisive.list, received };
}

/** Where the report of a workflow run is, as JSON and as a page. */
export function locateReport(pipeline: Pipeline, runId: string): { report: string; page: string } {
  const [report, page] = (['json', 'html'] as const).map(
    (format) => `s3://${pipeline.areas.log}/${validationReportKey(pipeline, runId, format)}`,
  ) as [string, string];
  return { report, page };
}

/**
 * Writes what F1 found, passed or refused, beside the other records of this workflow run: the same run always writes
 * the same, and an attempt that wakes up late touches the report of no other run.
 */
export async function writeValidationReport(
  { store }: Dependencies,
  pipeline: Pipeline,
  report: ValidationReport,
): Promise<void> {
  const { log } = pipeline.areas;
  await writeRecord(store, log, validationReportKey(pipeline, currentRunId(), 'json'), report);
  const page = { bucket: log, key: validationReportKey(pipeline, currentRunId(), 'html') };
  await store.write(page, renderPage(report), { contentType: 'text/html; charset=utf-8' });
}
