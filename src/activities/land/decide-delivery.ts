import type { ObjectStore } from '../../adapters/object-store';
import type { Finding } from '../../checks/finding';
import { judgeDelivery } from '../../checks/judge-delivery';
import type { Pipeline } from '../../definition/pipeline';
import { findPipeline } from '../../definition/load-pipelines';
import type { DeliveryRef } from '../../layout/delivery';
import { batchRecordKey, decisionKey, deliveryRecordKey, validationReportKey } from '../../layout/log-keys';
import type { ValidationReport } from '../../report/validation-report';
import { readPlan } from '../batch';
import { currentRunId } from '../context';
import type { Dependencies } from '../dependencies';
import {
  readRecord,
  writeRecord,
  writeRecordOnce,
  type DecisionRecord,
  type KeyCheckRecord,
  type Plan,
} from '../records';
import type { RefusalRecord } from '../report/report';
import { gatherReport, locateReport, writeValidationReport } from '../report/write-validation-report';
import { refuseDelivery } from './refuse-delivery';
import { weighDelivery } from './weigh-delivery';

/**
 * All or nothing, unless the pipeline says otherwise: one finding anywhere, and nothing of the delivery moves on. Writes
 * the validation report either way.
 * @returns the tables that are left out, where not all must pass
 * @throws DeliveryRefusedError saying what is wrong with all of it
 */
export const decideDelivery =
  (dependencies: Dependencies) =>
  async (delivery: DeliveryRef): Promise<{ leftOut: string[] }> => {
    const { pipelines, store, version } = dependencies;
    const { fileLandTimestamp } = delivery;
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const { log } = pipeline.areas;
    const key = deliveryRecordKey(pipeline, fileLandTimestamp, 'refused');
    const plan = await readPlan(dependencies, delivery.pipeline);
    if (plan.refusedBefore) throw await refuseAgain(store, pipeline, delivery, key);
    const { builder, decisive, received } = await gatherReport(dependencies, pipeline, plan);
    const weighed = await weighDelivery(store, pipeline, delivery, received);
    const ofAll = [...weighed.findings, ...(await readKeyChecks(dependencies, pipeline, plan))];
    builder.addFindings(ofAll);
    const tables = new Set(plan.files.map(({ table }) => table));
    const { findings, ...judged } = judgeDelivery(
      [...decisive, ...ofAll],
      pipeline.tables.filter(({ name }) => tables.has(name)),
      { allMustPass: pipeline.allMustPass, isAccepted: plan.accepted !== undefined },
    );
    builder.addFindings(findings.filter(({ code }) => code === 'reference-left-out'));
    const { leftOut } = await decideOnce(store, log, decisionKey(pipeline, currentRunId()), judged);
    const isPassed = findings.length === 0 && leftOut !== 'all';
    const partly = leftOut === 'all' || leftOut.length === 0 ? {} : { leftOut };
    const report = builder.finish({
      ...{ fileLandTimestamp, version, verdict: isPassed ? 'passed' : 'refused' },
      ...partly,
    });
    await writeValidationReport(dependencies, pipeline, report);
    if (isPassed) return { leftOut };

    const checkedBy = currentRunId();
    const locations = locateReport(pipeline, checkedBy);
    const record: RefusalRecord = {
      ...{ format: 1, ...delivery, outcome: 'refused', database: pipeline.database, version, checkedBy },
      ...locations,
      ...partly,
      volumes: weighed.volumes,
    };
    await writeRecord(store, log, key, record);
    if (leftOut === 'all') throw refuseDelivery(pipeline, delivery, report, locations);
    return { leftOut };
  };

/** On its way to quarantine an earlier run ended: what it found is what is told. */
async function refuseAgain(store: ObjectStore, pipeline: Pipeline, delivery: DeliveryRef, key: string) {
  const { log } = pipeline.areas;
  const { checkedBy } = await readRecord<RefusalRecord>(store, log, key);
  const report = await readRecord<ValidationReport>(
    store,
    log,
    validationReportKey(pipeline, checkedBy, 'json'),
  );
  return refuseDelivery(pipeline, delivery, report, locateReport(pipeline, checkedBy));
}

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
