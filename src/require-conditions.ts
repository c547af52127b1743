import type { Logger } from 'pino';
import { configuredEndpoint } from './adapters/aws-settings';
import { createS3Client } from './adapters/s3-client';
import { CONDITIONS, probeConditions, type ConditionReport } from './adapters/s3-conditions';
import { bucketsOfCopies, type Pipeline } from './definition/pipeline';
import { protectionsOf } from './definition/protections';
import { SetupError, UnavailableError } from './errors';
import { probesPrefix } from './layout/log-keys';
import { patiently } from './patiently';

const PATIENCE = { attempts: 6, firstPauseMs: 1_000 };

/** By log bucket and the buckets that are copied into: the store is asked once in a process. */
const proven = new Map<string, Promise<void>>();

/**
 * Proves, before any delivery is touched, that the store honours each condition that the protocol relies on.
 * @throws SetupError naming the conditions that it ignores, or why it cannot be probed
 */
export async function requireConditions(pipelines: readonly Pipeline[], logger: Logger): Promise<void> {
  for (const pipeline of pipelines) {
    const buckets = [pipeline.areas.log, ...bucketsOfCopies(pipeline)];
    const store = [configuredEndpoint('S3') ?? '', ...buckets].join(' ');
    const proof = proven.get(store) ?? probeStore(pipeline, logger);
    proven.set(store, proof);
    await proof.catch((error: unknown) => {
      proven.delete(store);
      throw error;
    });
  }
}

/** The one probe, of the worker and of the doctor. */
export function probePipelineStore(pipeline: Pipeline, signal?: AbortSignal): Promise<ConditionReport> {
  const key = `${probesPrefix(pipeline)}copy`;
  return probeConditions(createS3Client(), pipeline.areas.log, probesPrefix(pipeline), {
    protectionOf: protectionsOf([pipeline]),
    copyInto: bucketsOfCopies(pipeline).map((bucket) => ({ bucket, key })),
    ...(signal ? { signal } : {}),
  });
}

/** What the store is known to ignore, in words; empty when it is fit. */
export function describeIgnored({ ignored, copiesInto }: ConditionReport): string[] {
  const into = copiesInto.filter(({ outcome }) => outcome === 'done');
  return [
    ...ignored.map((condition) => CONDITIONS[condition]),
    ...into.map(({ bucket }) => `${CONDITIONS['copy-if-match']} into ${bucket}`),
  ];
}

/** What could not be shown, and why: the role may not, or the store knows no such condition. */
export function describeUnproven({ unproven, copiesInto, leftBehind }: ConditionReport): string[] {
  return [
    ...unproven.map(({ condition, why }) => `${CONDITIONS[condition]}: ${why}`),
    ...copiesInto.flatMap(({ bucket, outcome }) =>
      typeof outcome === 'string' ? [] : [`a copy into ${bucket}: ${outcome.why}`],
    ),
    ...(leftBehind
      ? [`s3://${leftBehind.bucket}/${leftBehind.key}, made for the probe, could not be deleted`]
      : []),
  ];
}

async function probeStore(pipeline: Pipeline, logger: Logger): Promise<void> {
  const report = await probePatiently(pipeline);
  const ignored = describeIgnored(report);
  if (ignored.length > 0) {
    throw new SetupError({
      happened: `The store of pipeline "${pipeline.name}"${describeEndpoint()} ignores what Landfall relies on so as to lose nothing:\n${ignored.map((each) => `- ${each}`).join('\n')}\n`,
      unchanged: 'The worker did not start, and no delivery was touched.',
      next: `Use a store that honours them, as AWS S3 does, or correct what stands between (a proxy that drops headers). See docs/doctor.md, and: landfall doctor <module>`,
    });
  }
  for (const what of describeUnproven(report))
    logger.warn({ pipeline: pipeline.name, what }, 'could not be proven of the store; see: landfall doctor');
}

/** A worker may be up before its store is. */
const probePatiently = (pipeline: Pipeline): Promise<ConditionReport> =>
  patiently(PATIENCE, () => probePipelineStore(pipeline)).catch((error: unknown) => {
    throw error instanceof UnavailableError ? cannotProbe(pipeline, error) : error;
  });

const cannotProbe = ({ name, areas }: Pipeline, error: UnavailableError): SetupError =>
  new SetupError(
    {
      happened: `Whether the store of pipeline "${name}" (s3://${areas.log}) is fit cannot be found out: ${error.happened}`,
      unchanged: 'The worker did not start, and no delivery was touched.',
      next: 'See that the store can be reached (AWS_ENDPOINT_URL, the network), then start the worker again.',
    },
    { cause: error },
  );

function describeEndpoint(): string {
  const endpoint = configuredEndpoint('S3');
  return endpoint === undefined ? '' : ` (${endpoint})`;
}
