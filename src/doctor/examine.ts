import type { Pipeline } from '../definition/pipeline';
import { ok, probe, skipped, type ProbeResult, type ProbeVerdict } from './probe';
import { probeBuckets } from './probe-buckets';
import { probeCatalogue } from './probe-catalogue';
import { probeEvents } from './probe-events';
import { probeMachine } from './probe-machine';
import { probeStore } from './probe-store';
import { probeTemporal } from './probe-temporal';

/** What `landfall doctor` found. */
export interface Examination {
  format: 1;
  pipeline?: string;
  /** The worst of the probes'. */
  verdict: Exclude<ProbeVerdict, 'skipped'>;
  probes: ProbeResult[];
}

/**
 * Looks at everything that a pipeline needs, all at once, whatever of it can be reached. Leaves nothing in any bucket:
 * objects are tried out below `probes/` in the log area alone, and deleted.
 * @param find loads the pipeline; absent where none was named
 */
export async function examine(find: (() => Promise<Pipeline>) | undefined): Promise<Examination> {
  let pipeline: Pipeline | undefined;
  const loaded = find
    ? await probe('pipeline', async () => {
        pipeline = await find();
        const { name, tables, database } = pipeline;
        return ok(`"${name}" loads: ${tables.length} tables, database ${database}`);
      })
    : skipped('pipeline', 'none was named: buckets, Glue and Athena are looked at for a pipeline only');
  const found = pipeline;
  const parts = await Promise.all([
    probeMachine(),
    ...(found ? [probeStore(found), probeBuckets(found), probeCatalogue(found), probeEvents(found)] : []),
    probeTemporal(found),
  ]);
  const probes = [loaded, ...parts.flat()];
  const has = (verdict: ProbeVerdict): boolean => probes.some((each) => each.verdict === verdict);
  return {
    format: 1,
    ...(found ? { pipeline: found.name } : {}),
    verdict: has('failed') ? 'failed' : has('warning') ? 'warning' : 'ok',
    probes,
  };
}
