import { describeFinding } from '../../checks/describe-finding';
import type { Finding } from '../../checks/finding';
import { findPipeline } from '../../definition/load-pipelines';
import { DeliveryRefusedError } from '../../errors';
import type { DeliveryRef } from '../../layout/delivery';
import { deliveryRecordKey, planKey } from '../../layout/log-keys';
import { readBatchRecords } from '../batch';
import { currentRunId } from '../context';
import type { Dependencies } from '../dependencies';
import { readRecord, writeRecord, type CheckedFile, type Plan } from '../records';
import type { RefusalReport } from '../report/report';

const MOST_SENTENCES = 12;

/**
 * All or nothing: one finding anywhere, and nothing of the delivery moves on.
 * @throws DeliveryRefusedError saying all that is wrong with all of it, after writing the report
 */
export const decideDelivery =
  (dependencies: Dependencies) =>
  async (delivery: DeliveryRef): Promise<void> => {
    const { pipelines, store, version } = dependencies;
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const plan = await readRecord<Plan>(store, pipeline.areas.log, planKey(pipeline, currentRunId()));
    const checked = await readBatchRecords<CheckedFile>(dependencies, pipeline, 'check', plan.batches.length);
    const findings = [...plan.findings, ...checked.flatMap((file) => file.findings)];
    if (findings.length === 0) return;

    const key = deliveryRecordKey(pipeline, delivery.fileLandTimestamp, 'refused');
    const report: RefusalReport = {
      format: 1,
      ...delivery,
      outcome: 'refused',
      database: pipeline.database,
      version,
      files: checked.map(({ table, key: file, size: bytes, sha256, rows, findings: own }) => ({
        table,
        file,
        bytes,
        sha256,
        rows,
        findings: own.length,
      })),
      findings,
    };
    await writeRecord(store, pipeline.areas.log, key, report);
    throw refuse(delivery, report, `s3://${pipeline.areas.log}/${key}`);
  };

function refuse(delivery: DeliveryRef, report: RefusalReport, location: string): DeliveryRefusedError {
  const rowsOf = new Map(report.files.map(({ file, rows }) => [file, rows]));
  const sentences = report.findings
    .slice(0, MOST_SENTENCES)
    .map((each: Finding) => `- ${describeFinding(each, rowsOf.get(each.file ?? ''))}`);
  const more = report.findings.length - sentences.length;
  if (more > 0) sentences.push(`- and ${more} more, all in the report`);
  return new DeliveryRefusedError({
    happened: `Delivery ${delivery.fileLandTimestamp} of pipeline "${delivery.pipeline}" is refused:\n${sentences.join('\n')}\n`,
    unchanged:
      'Nothing was moved: land is as it was, and raw-hist, processed, curated and Glue are unchanged.',
    next: `Have the files corrected and landed again, then run the pipeline. The whole report: ${location}`,
  });
}
