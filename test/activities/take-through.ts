import type { DeliveryPlan } from '../../src/activities/land/plan-delivery';
import type { DeliveryRef, RunResult } from '../../src/layout/delivery';
import type { Attempts } from './bench';

/** Calls an activity as often as a test wants to; once unless it says so. */
export type Call = <R>(attempt: () => Promise<R>) => Promise<R>;
const once: Call = (attempt) => attempt();

export async function toDecided(
  run: Attempts,
  delivery: DeliveryRef,
  call: Call = once,
): Promise<DeliveryPlan> {
  const plan = await call(() => run.planDelivery(delivery));
  await decidePlanned(run, delivery, plan, call);
  return plan;
}

async function decidePlanned(
  run: Attempts,
  delivery: DeliveryRef,
  plan: DeliveryPlan,
  call: Call,
): Promise<void> {
  for (const batch of plan.batches.keys()) await call(() => run.checkFiles({ ...delivery, batch }));
  for (const keyCheck of plan.keyChecks.keys()) await call(() => run.checkKeys({ ...delivery, keyCheck }));
  await call(() => run.decideDelivery(delivery));
}

export async function toCopied(
  run: Attempts,
  delivery: DeliveryRef,
  call: Call = once,
): Promise<DeliveryPlan> {
  const plan = await toDecided(run, delivery, call);
  await copyPlanned(run, delivery, plan, call);
  return plan;
}

async function copyPlanned(
  run: Attempts,
  delivery: DeliveryRef,
  plan: DeliveryPlan,
  call: Call,
): Promise<void> {
  for (const batch of plan.batches.keys()) await call(() => run.copyToRawHist({ ...delivery, batch }));
}

export async function toArchived(
  run: Attempts,
  delivery: DeliveryRef,
  call: Call = once,
): Promise<DeliveryPlan> {
  const plan = await toCopied(run, delivery, call);
  await call(() => run.recordArchive(delivery));
  return plan;
}

/** raw-hist → processed, of what `toArchived` or an earlier run has archived. */
export async function toProcessed(
  run: Attempts,
  delivery: DeliveryRef,
  plan: DeliveryPlan,
  call: Call = once,
): Promise<void> {
  await call(() => run.deleteFromLand(delivery));
  for (const [batch, { table }] of plan.batches.entries()) {
    if (plan.unprocessed.includes(table)) continue;
    if (plan.hasRaw) await call(() => run.copyToRaw({ ...delivery, batch }));
    await call(() => run.transformFiles({ ...delivery, batch }));
  }
  await call(() => run.recordProcessed(delivery));
  await call(() => run.deleteFromRaw(delivery));
}

export async function toCurated(run: Attempts, delivery: DeliveryRef, call: Call = once): Promise<void> {
  for (const { table, isDerived } of await call(() => run.planCuration(delivery)))
    await call(() => (isDerived ? run.writeDerived : run.writeCurated)({ ...delivery, table }));
}

/** All that a run does, in its order; what an earlier run archived is not read from land again. */
export async function toPublished(
  run: Attempts,
  delivery: DeliveryRef,
  call: Call = once,
): Promise<RunResult> {
  const plan = await call(() => run.planDelivery(delivery));
  if (plan.state !== 'archived') {
    await decidePlanned(run, delivery, plan, call);
    await copyPlanned(run, delivery, plan, call);
    await call(() => run.recordArchive(delivery));
  }
  await toProcessed(run, delivery, plan, call);
  await toCurated(run, delivery, call);
  if (plan.hasReaderCheck) await call(() => run.checkAsReader(delivery));
  await call(() => run.publishDatabase(delivery));
  const result = await call(() => run.writeReport(delivery));
  if (plan.hasDelta) await call(() => run.deleteFromProcessed(delivery));
  return result;
}
