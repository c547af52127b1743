import { gunzipSync } from 'node:zlib';
import polars from 'nodejs-polars';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { runLandfall, startTestWorker } from '../support/run-landfall';
import { createTestPipeline } from '../support/test-pipeline';

/** Local times that London has twice, never, or an hour away from UTC. */
const SEEN = ['2024-10-27 01:30:00', '2024-03-31 01:30:00', '2024-07-01 12:00:00', '1970-01-01 00:30:00'];
const seenColumn = "{ id: column.int64(), seen: column.timestamp({ format: '%Y-%m-%d %H:%M:%S' }) }";
const TABLES = `plain: table({ columns: ${seenColumn} }),
  transformed: table({
    columns: ${seenColumn},
    transform: { columns: ${seenColumn}, apply: ({ frame }) => frame },
  }),`;

/** St John's is never at UTC, and keeps summer time. */
test.each(['Europe/London', 'America/St_Johns'])(
  'fault 16: a worker and a command in %s take the upload time as UTC, and leave times of the data alone',
  async (TZ) => {
    const pipeline = await createTestPipeline({ tables: TABLES });
    const worker = await startTestWorker([pipeline.module], { TZ });
    try {
      const rows = SEEN.map((seen, id) => `${id},${seen}\n`).join('');
      for (const table of ['plain', 'transformed'])
        await pipeline.land(`${table}-data/data.csv`, `id,seen\n${rows}`);
      let newest = 0;
      for await (const { lastModified } of createS3ObjectStore().list(pipeline.areas.land, ''))
        newest = Math.max(newest, lastModified);
      // Both clocks are of this machine: what is hours away is a zone.
      expect(Math.abs(newest - Date.now() / 1000)).toBeLessThan(600);

      const { code, stdout } = await runLandfall(['run', pipeline.name, '--json'], { ...process.env, TZ });
      expect([code, JSON.parse(stdout)]).toMatchObject([0, { fileLandTimestamp: newest }]);

      for (const key of await pipeline.list('processed')) {
        const lines = gunzipSync(await pipeline.read('processed', key))
          .toString()
          .trim()
          .split('\n');
        const seen = lines.map((line) => (JSON.parse(line) as { seen: string }).seen);
        expect([key, seen]).toEqual([key, SEEN.map((each) => `${each}.000000`)]);
      }
      const curated = await pipeline.list('curated');
      expect(curated).toHaveLength(2);
      for (const key of curated) {
        const microseconds = polars
          .readParquet(await pipeline.read('curated', key))
          .getColumn('seen')
          .cast(polars.Int64)
          .toArray() as (number | bigint)[];
        expect(microseconds.map((each) => new Date(Number(each) / 1000).toISOString())).toEqual(
          SEEN.map((each) => `${each.replace(' ', 'T')}.000Z`),
        );
      }
    } finally {
      await worker.stop();
      pipeline.remove();
    }
  },
  120_000,
);
