import { createS3Client } from '../adapters/s3-client';
import { createS3ObjectStore } from '../adapters/s3-object-store';
import type { Pipeline } from '../definition/pipeline';
import { describeIgnored, describeUnproven, probePipelineStore } from '../require-conditions';
import { failed, ok, probe, warning, type ProbeResult } from './probe';

const MOST_SECONDS_APART = 60;

/** What the store as a whole is like: whether it keeps the conditions, and which time it has. */
export async function probeStore(pipeline: Pipeline): Promise<ProbeResult[]> {
  return Promise.all([
    probe('store conditions', async (signal) => {
      const report = await probePipelineStore(pipeline, signal);
      const ignored = describeIgnored(report);
      if (ignored.length > 0) {
        return failed(
          `ignored: ${ignored.join('; ')}`,
          'Use a store that honours them, as AWS S3 does, or correct what stands between (a proxy that drops headers). The worker does not start on this one.',
        );
      }
      const unproven = describeUnproven(report);
      return unproven.length > 0
        ? warning(
            `not proven: ${unproven.join('; ')}`,
            `Allow it to the role of this process (s3:DeleteObject on s3://${pipeline.areas.log}/…/probes/, say), and ask again.`,
          )
        : ok(`${report.honoured.length} of ${report.honoured.length} honoured; nothing was left behind`);
    }),
    probe('clock', async (signal) => {
      const store = createS3ObjectStore({ s3: createS3Client({ maxAttempts: 2 }) });
      const before = Date.now() / 1000;
      const theirs = await store.readClock(pipeline.areas.log, { signal });
      // The store's second is of somewhen between the two, and rounded down.
      const ahead = before - theirs - 1;
      const behind = theirs - Date.now() / 1000;
      const apart = Math.round(Math.max(ahead, behind, 0));
      if (apart <= MOST_SECONDS_APART) return ok('the same as the store’s, within a minute');
      return warning(
        `${apart} seconds ${ahead > 0 ? 'ahead of' : 'behind'} the store's`,
        'Set this machine’s clock (NTP): timestamps are upload times by the store’s clock, and AWS refuses requests that are 15 minutes off.',
      );
    }),
  ]);
}
