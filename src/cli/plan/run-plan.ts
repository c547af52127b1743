import { createGlueCatalogue } from '../../adapters/glue-catalogue';
import { createS3ObjectStore } from '../../adapters/s3-object-store';
import { planPipeline } from '../../plan/plan-pipeline';
import { EXIT_CODES } from '../exit-code';
import { printJson } from '../print';
import type { PlanCommandOptions } from '../plan-command';
import { useRunningStack } from '../running-stack';
import { choosePipeline } from '../validate/choose-pipeline';
import { printPlan } from './print-plan';

export async function runPlan(
  named: string,
  { module: modules = [], json = false }: PlanCommandOptions,
): Promise<void> {
  const pipeline = await choosePipeline(named, modules, { command: 'plan', rest: '' });
  useRunningStack();
  const found = await planPipeline(
    { store: createS3ObjectStore(), catalogue: createGlueCatalogue() },
    pipeline,
  );
  if (json) printJson(found);
  else printPlan(found);
  if (!found.isSame) process.exitCode = EXIT_CODES.differs;
}
