import {
  ActivityFailure,
  ApplicationFailure,
  defineSignal,
  isCancellation,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { CurationStep } from '../activities/curated/plan-curation';
import type { CuratedAmount } from '../activities/curated/write-curated';
import type { DeliveryPlan } from '../activities/land/plan-delivery';
import type { Amount, DeliveryRef, RunResult } from '../layout/delivery';
import type { Batch } from '../layout/batches';
import { STAGES, type Stage } from '../layout/areas';
import { searchAttributes } from '../layout/search-attributes';
import { activities } from './activities';
import { mapWithLimit } from '../map-with-limit';
import { ProgressKeeper } from './run-progress';

// Two keep the engine's processes busy while others read and write; the worker's slots bound the whole.
const BATCHES_AT_ONCE = 4;

interface Run {
  delivery: DeliveryRef;
  plan: DeliveryPlan;
  /** Of the tables that move on, by their place in the plan. */
  batches: { place: number; batch: Batch }[];
  progress: ProgressKeeper;
}

/** Sent for every further caller that will wait for this run: it can be delivered only as long as the run has not ended. */
export const attachSignal = defineSignal('attach');

/**
 * One delivery's way from land to Glue. Every stage may run again; what it reached is in the stores, not in here.
 * Fails with type `DeliveryRefusedError` when F1 refuses the delivery.
 */
export async function runPipeline(delivery: DeliveryRef): Promise<RunResult> {
  const progress = new ProgressKeeper(STAGES);
  setHandler(attachSignal, () => undefined);
  try {
    const plan = await activities.planDelivery.executeWithOptions(
      { summary: 'land: which file is of which table' },
      [delivery],
    );
    upsertSearchAttributes([
      { key: searchAttributes.database, value: plan.database },
      { key: searchAttributes.version, value: plan.version },
    ]);
    const batches = plan.batches.map((batch, place) => ({ place, batch }));
    const run: Run = { delivery, plan, batches, progress };
    if (plan.state === 'archived') skipToArchived(run);
    else await archive(run);
    await clearLand(run);
    await fillProcessed(run);
    await fillCurated(run);
    await publish(run);
    const result = await activities.writeReport.executeWithOptions(
      { summary: 'report: every row accounted for' },
      [delivery],
    );
    await clearProcessed(run);
    progress.end('published');
    return result;
  } catch (error) {
    throw endBadly(progress, error);
  }
}

/** land → raw-hist: all of it checked, archived and verified. */
async function archive(run: Run): Promise<void> {
  const { delivery, progress } = run;
  await check(run);
  progress.done('land');

  await eachBatch(run, 'raw-hist', 'copy', (summary, input) =>
    activities.copyToRawHist.executeWithOptions({ summary }, [input]),
  );
  await activities.recordArchive.executeWithOptions({ summary: 'raw-hist: the whole delivery is archived' }, [
    delivery,
  ]);
  progress.done('raw-hist');
}

/** F1: decides what of the delivery moves on; what does not stays in land or goes, whole, to quarantine. */
async function check(run: Run): Promise<void> {
  const { delivery, plan } = run;
  await eachBatch(run, 'land', 'check', (summary, input) =>
    activities.checkFiles.executeWithOptions({ summary }, [input]),
  );
  // Plans of earlier releases have none.
  const keyChecks = (plan as Partial<DeliveryPlan>).keyChecks ?? [];
  await mapWithLimit(keyChecks, BATCHES_AT_ONCE, async (table, keyCheck) => {
    await activities.checkKeys.executeWithOptions({ summary: `land: keys of ${table}` }, [
      { ...delivery, keyCheck },
    ]);
  });
  try {
    const summary = 'land: decide what moves on';
    const { leftOut } = await activities.decideDelivery.executeWithOptions({ summary }, [delivery]);
    run.batches = run.batches.filter(({ batch }) => !leftOut.includes(batch.table));
  } catch (error) {
    if (isRefusal(causeOf(error)) && (plan.hasQuarantine || plan.state === 'refused'))
      await activities.moveToQuarantine.executeWithOptions({ summary: 'quarantine: move what was refused' }, [
        delivery,
      ]);
    throw error;
  }
}

function skipToArchived({ delivery, progress }: Run): void {
  progress.skip('land', `delivery ${delivery.fileLandTimestamp} was archived by an earlier run`);
  progress.skip('raw-hist', 'archived and verified by an earlier run');
}

/** Also after an earlier run's archive: it may have ended before its delete, and what stays would be taken again. */
async function clearLand({ delivery, plan, progress }: Run): Promise<void> {
  const {
    deleted,
    kept,
    locked = 0,
  } = await activities.deleteFromLand.executeWithOptions({ summary: 'land: delete what is archived' }, [
    delivery,
  ]);
  const keptNote = [
    kept === 0 ? '' : `; ${kept} uploaded again since, kept for the next delivery`,
    locked === 0
      ? ''
      : `; ${locked} locked in land (Object Lock or legal hold): hidden by a delete marker, to be removed by a lifecycle rule of the bucket once the lock has ended`,
  ].join('');
  if (plan.state === 'archived')
    progress.skip('land', `archived by an earlier run, and gone from land${keptNote}`);
  else progress.done('land', `${deleted} deleted after the archive was verified${keptNote}`);
}

/** raw-hist → raw → processed. */
async function fillProcessed(run: Run): Promise<void> {
  const { delivery, plan, progress } = run;
  const processing = withoutUnprocessed(run);
  if (plan.hasRaw) {
    await eachBatch(processing, 'raw', 'copy', (summary, input) =>
      activities.copyToRaw.executeWithOptions({ summary }, [input]),
    );
    progress.done('raw');
  } else {
    progress.skip('raw', 'this pipeline has no raw area');
  }
  await eachBatch(processing, 'processed', 'transform', (summary, input) =>
    activities.transformFiles.executeWithOptions({ summary }, [input]),
  );
  await activities.recordProcessed.executeWithOptions(
    { summary: 'processed: the whole delivery is processed' },
    [delivery],
  );
  progress.done('processed', noteOfUnprocessed(plan));
  if (plan.hasRaw) {
    await activities.deleteFromRaw.executeWithOptions({ summary: 'raw: delete what is processed' }, [
      delivery,
    ]);
    progress.done('raw', 'deleted after processed was recorded');
  }
}

/** Of what raw and processed have: the other tables are curated from raw-hist. */
function withoutUnprocessed(run: Run): Run {
  const unprocessed = unprocessedOf(run.plan);
  return { ...run, batches: run.batches.filter(({ batch }) => !unprocessed.includes(batch.table)) };
}

// Plans of earlier releases do not say it.
const unprocessedOf = (plan: Partial<DeliveryPlan>): readonly string[] => plan.unprocessed ?? [];

function noteOfUnprocessed(plan: DeliveryPlan): string | undefined {
  const unprocessed = unprocessedOf(plan);
  return unprocessed.length === 0 ? undefined : `curated from raw-hist: ${unprocessed.join(', ')}`;
}

/** processed → curated: a fresh snapshot of every table that changed, then of every one that is derived of them. */
async function fillCurated({ delivery, progress }: Run): Promise<void> {
  const steps = await activities.planCuration.executeWithOptions(
    { summary: 'curated: what each table is made of' },
    [delivery],
  );
  progress.begin('curated', steps.length);
  const tables = steps.filter(({ isDerived }) => !isDerived);
  const written = await mapWithLimit(tables, BATCHES_AT_ONCE, async ({ table, isCurrent }) => {
    const summary = `curated: ${table}${isCurrent ? ' (unchanged)' : ''}`;
    const amount = await activities.writeCurated.executeWithOptions({ summary }, [{ ...delivery, table }]);
    progress.add('curated', { ...amount, files: 1 });
    // Histories of earlier releases do not say it.
    const { reused = 0 } = amount as Partial<CuratedAmount>;
    return { files: amount.files, reused: isCurrent ? amount.files : reused };
  });
  const sumOf = (count: 'files' | 'reused'): number => written.reduce((sum, each) => sum + each[count], 0);
  const reused = sumOf('reused');
  const notes = [
    ...(reused === 0 ? [] : [`${reused} of ${sumOf('files')} Parquet files as they were`]),
    ...(await derive(
      delivery,
      progress,
      steps.filter(({ isDerived }) => isDerived),
    )),
  ];
  progress.done('curated', notes.length === 0 ? undefined : notes.join('; '));
}

/** Each reads snapshots that are complete by now. @returns what to say of them: their rows are none that landed */
async function derive(
  delivery: DeliveryRef,
  progress: ProgressKeeper,
  steps: readonly CurationStep[],
): Promise<string[]> {
  const counts = await mapWithLimit(steps, BATCHES_AT_ONCE, async ({ table, isCurrent }) => {
    const summary = `curated: ${table} by SQL${isCurrent ? ' (unchanged)' : ''}`;
    const { rows, bytes } = await activities.writeDerived.executeWithOptions({ summary }, [
      { ...delivery, table },
    ]);
    progress.add('curated', { files: 1, rows: 0, bytes });
    return rows;
  });
  if (counts.length === 0) return [];
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const [tables, of] = [counts.length === 1 ? 'table' : 'tables', rows === 1 ? 'row' : 'rows'];
  return [`derived by SQL: ${counts.length} ${tables}, ${rows} ${of}`];
}

async function publish({ delivery, plan, progress }: Run): Promise<void> {
  progress.begin('glue', plan.tables.length);
  const note = await readThroughAthena(delivery, plan);
  await activities.publishDatabase.executeWithOptions({ summary: `glue: ${plan.database}` }, [delivery]);
  progress.add('glue', { files: plan.tables.length, rows: 0, bytes: 0 });
  progress.done('glue', note);
}

/** Before anything of the published database moves. @returns what to say of it */
async function readThroughAthena(delivery: DeliveryRef, plan: DeliveryPlan): Promise<string | undefined> {
  // Plans of earlier releases do not say it.
  if (!(plan as Partial<DeliveryPlan>).hasReaderCheck) return undefined;
  const { checked } = await activities.checkAsReader.executeWithOptions(
    { summary: 'glue: what Athena reads of what changed' },
    [delivery],
  );
  return `Athena has read the ${checked} that changed`;
}

/** Of tables whose processed objects are transient. What fails here is left to the next run: the delivery is published. */
async function clearProcessed({ delivery, plan, progress }: Run): Promise<void> {
  // Plans of earlier releases do not say it.
  if (!(plan as Partial<DeliveryPlan>).hasDelta) return;
  try {
    const { deleted, kept } = await activities.deleteFromProcessed.executeWithOptions(
      { summary: 'processed: delete what is published' },
      [delivery],
    );
    const keptNote = kept === 0 ? '' : `; ${kept} kept, since readers see other rows than those`;
    progress.done('processed', `${deleted} deleted after the publish was verified${keptNote}`);
  } catch (error) {
    const cause = causeOf(error);
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    progress.done('processed', `published, but not deleted yet; the next run tries again${why}`);
  }
}

async function eachBatch(
  { delivery, batches, progress }: Run,
  stage: Stage,
  verb: string,
  work: (summary: string, input: DeliveryRef & { batch: number }) => Promise<Amount>,
): Promise<void> {
  progress.begin(
    stage,
    batches.reduce((sum, { batch }) => sum + batch.files, 0),
  );
  await mapWithLimit(batches, BATCHES_AT_ONCE, async ({ place, batch: { table, files } }) => {
    const summary = `${stage}: ${verb} ${table} (${files} ${files === 1 ? 'file' : 'files'})`;
    progress.add(stage, await work(summary, { ...delivery, batch: place }));
  });
}

/** Says on the run what went wrong; returns what it fails with: the failure that explains, not the one that wraps it. */
function endBadly(progress: ProgressKeeper, error: unknown): unknown {
  if (isCancellation(error)) {
    progress.end('cancelled', 'Cancelled. Run the pipeline again to go on from where it stopped.');
    return error;
  }
  const cause = causeOf(error);
  const message = cause instanceof Error ? cause.message : undefined;
  if (isRefusal(cause)) progress.end('refused', digestOf(cause) ?? message);
  else progress.end('failed', message);
  return cause;
}

const causeOf = (error: unknown): unknown =>
  error instanceof ActivityFailure && error.cause instanceof ApplicationFailure ? error.cause : error;

/** What a refusal says to people who look at the run, as markdown. */
const digestOf = ({ details }: ApplicationFailure): string | undefined =>
  (details?.[0] as { digest?: string } | undefined)?.digest;

const isRefusal = (error: unknown): error is ApplicationFailure =>
  error instanceof ApplicationFailure && error.type === 'DeliveryRefusedError';
