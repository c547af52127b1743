import type { ObjectStore } from '../../adapters/object-store';
import { describeFindings } from '../../checks/describe-findings';
import type { Finding } from '../../checks/finding';
import { judgeDelivery } from '../../checks/judge-delivery';
import type { Pipeline } from '../../definition/pipeline';
import { findPipeline } from '../../definition/load-pipelines';
import { DeliveryRefusedError } from '../../errors';
import type { DeliveryRef } from '../../layout/delivery';
import { batchRecordKey, decisionKey, deliveryRecordKey } from '../../layout/log-keys';
import { readBatchRecords, readPlan } from '../batch';
import { currentRunId } from '../context';
import type { Dependencies } from '../dependencies';
import {
  readRecord,
  writeRecord,
  writeRecordOnce,
  type CheckedFile,
  type DecisionRecord,
  type KeyCheckRecord,
  type Plan,
} from '../records';
import type { RefusalReport } from '../report/report';

const MOST_SENTENCES = 12;

/**
 * All or nothing, unless the pipeline says otherwise: one finding anywhere, and nothing of the delivery moves on.
 * @returns the tables that are left out, where not all must pass
 * @throws DeliveryRefusedError saying all that is wrong with all of it, after writing the report
 */
export const decideDelivery =
  (dependencies: Dependencies) =>
  async (delivery: DeliveryRef): Promise<{ leftOut: string[] }> => {
    const { pipelines, store, version } = dependencies;
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const { log } = pipeline.areas;
    const key = deliveryRecordKey(pipeline, delivery.fileLandTimestamp, 'refused');
    const plan = await readPlan(dependencies, delivery.pipeline);
    if (plan.refusedBefore) throw refuse(pipeline, await readRecord<RefusalReport>(store, log, key));
    const checked = await readBatchRecords<CheckedFile>(dependencies, pipeline, 'check');
    const keys = await readKeyChecks(dependencies, pipeline, plan);
    const tables = new Set(plan.files.map(({ table }) => table));
    const { findings, ...judged } = judgeDelivery(
      [...plan.findings, ...checked.flatMap((file) => file.findings), ...keys],
      pipeline.tables.filter(({ name }) => tables.has(name)),
      { allMustPass: pipeline.allMustPass, isAccepted: plan.accepted !== undefined },
    );
    const { leftOut } = await decideOnce(store, log, decisionKey(pipeline, currentRunId()), judged);
    if (findings.length === 0 && leftOut !== 'all') return { leftOut };

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
        findings: own.length + keys.filter((each) => each.file === file).length,
      })),
      findings,
      ...(leftOut === 'all' ? {} : { leftOut }),
    };
    await writeRecord(store, log, key, report);
    if (leftOut === 'all') throw refuse(pipeline, report);
    return { leftOut };
  };

/** What comparing keys beyond one file found, all of which the plan asked for. */
async function readKeyChecks(
  { store }: Dependencies,
  pipeline: Pipeline,
  { keyChecks = [] }: Plan,
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const keyCheck of keyChecks.keys()) {
    const key = batchRecordKey(pipeline, currentRunId(), 'keys', keyCheck);
    found.push(...(await readRecord<KeyCheckRecord>(store, pipeline.areas.log, key)).findings);
  }
  return found;
}

/** The first attempt's decision is the run's, as its plan is: the files of a later one may be on their way by then. */
async function decideOnce(
  store: ObjectStore,
  bucket: string,
  key: string,
  decision: DecisionRecord,
): Promise<DecisionRecord> {
  return (await writeRecordOnce(store, bucket, key, decision)) === 'written'
    ? decision
    : readRecord<DecisionRecord>(store, bucket, key);
}

function refuse(pipeline: Pipeline, report: RefusalReport): DeliveryRefusedError {
  const { fileLandTimestamp } = report;
  const location = `s3://${pipeline.areas.log}/${deliveryRecordKey(pipeline, fileLandTimestamp, 'refused')}`;
  const rowsOf = new Map(report.files.map(({ file, rows }) => [file, rows]));
  const all = describeFindings(report.findings, (file) => rowsOf.get(file ?? ''));
  const sentences = all.slice(0, MOST_SENTENCES).map((sentence) => `- ${sentence}`);
  const more = all.length - sentences.length;
  if (more > 0) sentences.push(`- and ${more} more, all in the report`);
  return new DeliveryRefusedError({
    happened: `Delivery ${fileLandTimestamp} of pipeline "${pipeline.name}" is refused:\n${sentences.join('\n')}\n`,
    ...(pipeline.areas.quarantine === undefined
      ? {
          unchanged:
            'Nothing was moved: land is as it was, and raw-hist, processed, curated and Glue are unchanged.',
          next: `Have the files corrected and landed again, then run the pipeline. The whole report: ${location}`,
        }
      : {
          unchanged: `raw-hist, processed, curated and Glue are unchanged; the files go to quarantine (s3://${pipeline.areas.quarantine}).`,
          next: `Have the files corrected and landed again, then run the pipeline; or, if the pipeline was at fault, mend it and: landfall replay ${pipeline.name} --timestamp ${fileLandTimestamp} --why "…". The whole report: ${location}`,
        }),
  });
}
