import { randomUUID } from 'node:crypto';
import { readWorkGroup } from '../adapters/athena-inspect';
import { createAthenaQueryEngine } from '../adapters/athena-query';
import { findStrangers } from '../activities/glue/reader-check/checking-database';
import { createGlueCatalogue } from '../adapters/glue-catalogue';
import { inspectCatalogue } from '../adapters/glue-inspect';
import { createS3ObjectStore } from '../adapters/s3-object-store';
import type { Pipeline } from '../definition/pipeline';
import { probesPrefix } from '../layout/log-keys';
import { titleOf } from './probe-buckets';
import { failed, ok, probe, skipped, warning, type ProbeResult, type Seen } from './probe';

const QUERY_PATIENCE_MS = 20_000;
/** The one that queries go to when they name none. */
const WORK_GROUP = 'primary';
const SWEEP_MS = 5_000;

/** Glue, which a run needs, and Athena, which the readers of its tables need, and a run only with `readerCheck`. */
export async function probeCatalogue(pipeline: Pipeline): Promise<ProbeResult[]> {
  return (await Promise.all([probeGlue(pipeline), probeAthena(pipeline)])).flat();
}

/** The published database, those over areas, and the one in which tables are checked. */
async function probeGlue(pipeline: Pipeline): Promise<ProbeResult[]> {
  const { database: published, areaDatabases, readerCheck } = pipeline;
  const databases = [
    { name: 'glue', database: published, madeBy: 'the first publish' },
    ...areaDatabases.map(({ area, database }) => ({
      name: `glue ${titleOf(area)}`,
      database,
      madeBy: 'the first run',
    })),
    ...(readerCheck
      ? [{ name: 'glue reader check', database: readerCheck.database, madeBy: 'the first check' }]
      : []),
  ];
  return Promise.all(
    databases.map(({ name, database, madeBy }) =>
      probe(name, async (signal) => {
        const { exists } = await inspectCatalogue(database, { signal });
        if (database === readerCheck?.database) {
          const strangers = await findStrangers(createGlueCatalogue(), pipeline, readerCheck, { signal });
          if (strangers.length > 0) return failed(...describeStrangers(database, strangers));
        }
        const state = exists ? 'is there' : `is not there yet: ${madeBy} creates it`;
        return ok(
          `database ${database} ${state}; may read, update and drop (whether it may create shows only by creating)`,
        );
      }),
    ),
  );
}

const describeStrangers = (database: string, [first = '', ...others]: string[]): [string, string] => [
  `database ${database} has tables that no check made: ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`,
  'Name a database in readerCheck.database that is nobody else’s: runs drop whatever a check left in it, and nothing else.',
];

const notForRuns = (seen: string, next: string): Seen =>
  warning(`${seen} Runs need no Athena; readers of the tables do.`, next);

async function probeAthena(pipeline: Pipeline): Promise<ProbeResult[]> {
  const { readerCheck } = pipeline;
  const onFailure = readerCheck ? failed : notForRuns;
  const workgroup = await probe(
    'athena workgroup',
    async (signal) => {
      const { name, state, outputLocation } = await readWorkGroup(readerCheck?.workgroup ?? WORK_GROUP, {
        signal,
      });
      return ok(
        `${name} is ${state}; output location: ${outputLocation ?? 'none, so that each query names one'}`,
      );
    },
    { onFailure },
  );
  if (workgroup.verdict !== 'ok') return [workgroup, skipped('athena query', 'the workgroup did not answer')];
  const options = { patienceMs: QUERY_PATIENCE_MS, onFailure };
  return [workgroup, await probe('athena query', (signal) => askOne(pipeline, signal), options)];
}

/** As the reader check asks where there is one, otherwise as any reader may. */
async function askOne({ database, readerCheck, ...pipeline }: Pipeline, signal: AbortSignal): Promise<Seen> {
  const { log } = pipeline.areas;
  const place = readerCheck?.output ?? `s3://${log}/${probesPrefix(pipeline)}`;
  const outputLocation = `${place}athena-${randomUUID()}/`;
  try {
    const { workgroup, kmsKey } = readerCheck ?? { kmsKey: pipeline.protections.log?.encryption?.kmsKey };
    await createAthenaQueryEngine().query('SELECT 1', {
      ...{ database, outputLocation, signal },
      ...(workgroup === undefined ? {} : { workgroup }),
      ...(kmsKey === undefined ? {} : { kmsKey }),
    });
    return ok(`answers SELECT 1${readerCheck ? `, into ${place}` : ''}`);
  } finally {
    // Best effort: what came of the query is what has to be told.
    const { hostname: bucket, pathname } = new URL(outputLocation);
    await sweep(bucket, pathname.slice(1)).catch(() => undefined);
  }
}

async function sweep(bucket: string, prefix: string): Promise<void> {
  const store = createS3ObjectStore();
  const signal = AbortSignal.timeout(SWEEP_MS);
  for await (const object of store.list(bucket, prefix, { signal })) await store.delete(object, { signal });
}
