import { randomUUID } from 'node:crypto';
import { readWorkGroup } from '../adapters/athena-inspect';
import { createAthenaQueryEngine } from '../adapters/athena-query';
import { inspectCatalogue } from '../adapters/glue-inspect';
import { createS3ObjectStore } from '../adapters/s3-object-store';
import type { Pipeline } from '../definition/pipeline';
import { probesPrefix } from '../layout/log-keys';
import { titleOf } from './probe-buckets';
import { ok, probe, skipped, warning, type ProbeResult, type Seen } from './probe';

const QUERY_PATIENCE_MS = 20_000;
const SWEEP_MS = 5_000;

/** Glue, which a run needs, and Athena, which only the readers of its tables need. */
export async function probeCatalogue(pipeline: Pipeline): Promise<ProbeResult[]> {
  return (await Promise.all([probeGlue(pipeline), probeAthena(pipeline)])).flat();
}

/** The published database, and those over areas. */
async function probeGlue({ database: published, areaDatabases }: Pipeline): Promise<ProbeResult[]> {
  const databases = [
    { name: 'glue', database: published, madeBy: 'the first publish' },
    ...areaDatabases.map(({ area, database }) => ({
      name: `glue ${titleOf(area)}`,
      database,
      madeBy: 'the first run',
    })),
  ];
  return Promise.all(
    databases.map(({ name, database, madeBy }) =>
      probe(name, async (signal) => {
        const { exists } = await inspectCatalogue(database, { signal });
        const state = exists ? 'is there' : `is not there yet: ${madeBy} creates it`;
        return ok(
          `database ${database} ${state}; may read, update and drop (whether it may create shows only by creating)`,
        );
      }),
    ),
  );
}

const notForRuns = (seen: string, next: string): Seen =>
  warning(`${seen} Runs need no Athena; readers of the tables do.`, next);

async function probeAthena(pipeline: Pipeline): Promise<ProbeResult[]> {
  const workgroup = await probe(
    'athena workgroup',
    async (signal) => {
      const { name, state, outputLocation } = await readWorkGroup({ signal });
      return ok(
        `${name} is ${state}; output location: ${outputLocation ?? 'none, so that each query names one'}`,
      );
    },
    { onFailure: notForRuns },
  );
  if (workgroup.verdict !== 'ok') return [workgroup, skipped('athena query', 'the workgroup did not answer')];
  const options = { patienceMs: QUERY_PATIENCE_MS, onFailure: notForRuns };
  return [workgroup, await probe('athena query', (signal) => askOne(pipeline, signal), options)];
}

async function askOne({ database, ...pipeline }: Pipeline, signal: AbortSignal): Promise<Seen> {
  const { log } = pipeline.areas;
  const prefix = `${probesPrefix(pipeline)}athena-${randomUUID()}/`;
  try {
    const outputLocation = `s3://${log}/${prefix}`;
    const { kmsKey } = pipeline.protections.log?.encryption ?? {};
    await createAthenaQueryEngine().query('SELECT 1', {
      ...{ database, outputLocation, signal },
      ...(kmsKey === undefined ? {} : { kmsKey }),
    });
    return ok('answers SELECT 1');
  } finally {
    // Best effort: what came of the query is what has to be told.
    await sweep(log, prefix).catch(() => undefined);
  }
}

async function sweep(bucket: string, prefix: string): Promise<void> {
  const store = createS3ObjectStore();
  const signal = AbortSignal.timeout(SWEEP_MS);
  for await (const object of store.list(bucket, prefix, { signal })) await store.delete(object, { signal });
}
