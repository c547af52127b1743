import { createS3ObjectStore } from '../../adapters/s3-object-store';
import { UsageError } from '../../errors';
import { verifyRawHist } from '../../verify/verify-raw-hist';
import { EXIT_CODES } from '../exit-code';
import { printJson } from '../print';
import { useRunningStack } from '../running-stack';
import { choosePipeline } from '../validate/choose-pipeline';
import type { VerifyCommandOptions } from '../verify-command';
import { printVerification } from './print-verification';
import { showVerifyProgress } from './show-progress';

export async function runVerify(
  named: string,
  { module: modules = [], from, to, quick = false, json = false }: VerifyCommandOptions,
): Promise<void> {
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError({
      happened: `--from ${from} is later than --to ${to}.`,
      next: 'Give the earlier of the two as --from.',
    });
  }
  const pipeline = await choosePipeline(named, modules, { command: 'verify', rest: '' });
  useRunningStack();
  const progress = showVerifyProgress();
  // Ctrl-C and SIGTERM end the process: nothing is written that would have to be put right.
  const { signal } = new AbortController();
  const found = await verifyRawHist(createS3ObjectStore(), pipeline, {
    ...{ mode: quick ? ('quick' as const) : ('full' as const), signal, onProgress: progress.update },
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }).finally(progress.end);
  if (json) printJson(found);
  else printVerification(found);
  if (found.verdict === 'damaged') process.exitCode = EXIT_CODES.damaged;
}
