import { join } from 'node:path';
import { isatty } from 'node:tty';
import { createColors } from 'picocolors';
import type { RunResult } from 'landfall';
import type { S3Client } from '@aws-sdk/client-s3';
import { createAthenaQueryEngine } from '../src/adapters/athena-query';
import { createS3Client } from '../src/adapters/s3-client';
import { formatTable } from '../src/cli/print';
import { drawTree, listAreas, readObject, sha256 } from './areas';
import { landfall, landfallJson, startDev, type DevStack } from './landfall';
import { brokenDelivery, correctedFile, firstDelivery, land, type SuppliedFile } from './supplier';

const PIPELINE = 'united-states';
const MODULE = 'examples/united-states/pipeline.ts';
const QUERY = `SELECT b.species, count(*) AS strikes, sum(b.cost_total) AS cost, max(b.speed_knots) AS fastest
FROM birdstrikes b
WHERE b.damage <> 'None'
GROUP BY b.species
ORDER BY cost DESC
LIMIT 5`;
const SECOND_QUERY = `SELECT (SELECT min(zip_code) FROM zipcodes) AS first_zip,
  (SELECT count(*) FROM airports WHERE city IS NULL) AS airports_without_city,
  (SELECT sum(precipitation) FROM seattle_weather) AS rain_mm,
  (SELECT max(thousand_jobs) FROM us_employment WHERE sector = 'nonfarm') AS jobs`;

const colours = createColors(isatty(1) && !process.env.NO_COLOR);
const startedAt = Date.now();
let chapters = 0;

function chapter(title: string): void {
  chapters += 1;
  console.log(`\n${colours.bold(`${chapters}. ${title}`)}`);
}

/** What the demo claims is checked as it goes; a claim that does not hold ends it with exit code 1. */
function claim(holds: boolean, what: string): void {
  console.log(`  ${holds ? colours.green('✓') : colours.red('✗')} ${what}`);
  if (!holds) throw new Error(`The demo claims what does not hold: ${what}`);
}

async function main(keep: boolean): Promise<void> {
  chapter('The embedded stack: Temporal with its Web UI; S3, Glue and Athena, emulated; a worker');
  console.log(`$ npx landfall dev ${MODULE}`);
  const dev = await startDev([MODULE], join('.landfall', 'demo'), keep);
  process.once('SIGINT', () => void dev.stop().then(() => process.exit(130)));
  let summary: object;
  try {
    Object.assign(process.env, dev.environment);
    console.log(`  Temporal Web UI ${dev.webUiUrl}, S3 ${dev.awsEndpoint}`);
    summary = await showMainJob(dev, keep);
  } catch (error) {
    await dev.stop();
    throw error;
  }
  if (keep) dev.leaveRunning();
  else await dev.stop();
  console.log(JSON.stringify(summary));
}

interface Status {
  runs: { fileLandTimestamp: number; outcome: string; workflowId: string; runId: string }[];
}

async function showMainJob(dev: DevStack, keep: boolean): Promise<object> {
  const s3 = createS3Client();
  const { environment } = dev;
  const run = (...more: string[]): Promise<number> => landfall(['run', PIPELINE, ...more], environment);

  chapter('A supplier lands seven files of five tables');
  const first = firstDelivery();
  await land(s3, first);
  console.log(drawTree(await listAreas(s3)));

  chapter('The pipeline takes them from land to Glue');
  claim((await run()) === 0, 'published');
  const {
    runs: [latest],
  } = await landfallJson<Status>(['status', PIPELINE], environment);
  const firstTimestamp = latest?.fileLandTimestamp ?? 0;

  chapter('What is in every area now');
  console.log(drawTree(await listAreas(s3)));
  await compareArchive(s3, first, firstTimestamp);

  chapter('What analysts see: SQL through the Athena API, over the recreated Glue database');
  await query(QUERY);
  await query(SECOND_QUERY);

  chapter('The run, in the Temporal Web UI');
  console.log(
    `  ${dev.webUiUrl}/namespaces/default/workflows/${latest?.workflowId ?? ''}/${latest?.runId ?? ''}`,
  );

  chapter('A second delivery, one of its two files broken: refused as a whole');
  await land(s3, brokenDelivery());
  const before = await listAreas(s3);
  claim((await run()) === 3, 'refused by validation (exit code 3)');
  claim(isSame(before, await listAreas(s3)), 'land is as it was, and so is every other area');

  chapter('The corrected file lands: a second file_land_timestamp');
  await land(s3, [correctedFile()]);
  claim((await run()) === 0, 'published');

  chapter('The same timestamp again changes nothing');
  const { runs } = await landfallJson<Status>(['status', PIPELINE], environment);
  const published = runs
    .filter(({ outcome }) => outcome === 'published')
    .map(({ fileLandTimestamp }) => fileLandTimestamp);
  const second = Math.max(...published);
  const unchanged = await listAreas(s3);
  claim((await run('--timestamp', String(second))) === 0, 'the run that published it answers again');
  claim(isSame(unchanged, await listAreas(s3)), 'no object in any area has changed');

  const results = await Promise.all(
    [firstTimestamp, second].map((timestamp) =>
      landfallJson<RunResult>(['run', PIPELINE, '--timestamp', String(timestamp)], environment),
    ),
  );
  if (keep) {
    console.log(`\nEverything stays up. In this folder:
  npx landfall status ${PIPELINE}
  npx landfall run ${PIPELINE}          (after landing files at ${dev.awsEndpoint})
  Web UI: ${dev.webUiUrl}
  npx landfall dev --stop              (to stop it)`);
  }
  return summarise(results, published.length, runs.length);
}

async function compareArchive(
  s3: S3Client,
  files: readonly SuppliedFile[],
  timestamp: number,
): Promise<void> {
  for (const { key, body } of files) {
    const slash = key.lastIndexOf('/');
    const name = key.slice(slash + 1).replace('.csv', `_${timestamp}.csv`);
    const archived = await readObject(
      s3,
      'mojap-raw-hist',
      `${key.slice(0, slash)}/file_land_timestamp=${timestamp}/${name}`,
    );
    claim(
      archived.equals(body),
      `raw-hist has ${name} byte for byte (${body.length.toLocaleString('en-GB')} bytes, sha256 ${sha256(body)}…)`,
    );
  }
}

async function query(sql: string): Promise<void> {
  console.log(`\n${colours.dim(sql)}`);
  const engine = createAthenaQueryEngine();
  const { columns, rows } = await engine.query(sql, {
    database: 'united_states',
    outputLocation: 's3://mojap-log/athena/',
  });
  console.log(
    formatTable(
      columns.map(({ name }) => name),
      rows.map((row) => row.map((value) => value ?? 'NULL')),
    ),
  );
}

function isSame(a: Map<string, { state: string }>, b: Map<string, { state: string }>): boolean {
  return a.size === b.size && [...a].every(([path, { state }]) => b.get(path)?.state === state);
}

function summarise(results: readonly RunResult[], published: number, runs: number) {
  const sum = (of: 'landed' | 'processed' | 'rejected' | 'addedByTransform'): number =>
    results.reduce((total, { tables }) => total + tables.reduce((inner, table) => inner + table[of], 0), 0);
  const last = results.at(-1);
  return {
    deliveries: published,
    refused: runs - published,
    files: results.reduce((total, { files }) => total + files, 0),
    rows: {
      landed: sum('landed'),
      processed: sum('processed'),
      rejected: sum('rejected'),
      addedByTransform: sum('addedByTransform'),
      curated: last?.tables.reduce((total, table) => total + table.published, 0) ?? 0,
    },
    tables: last?.tables.length ?? 0,
    seconds: Math.round((Date.now() - startedAt) / 100) / 10,
  };
}

const unknown = process.argv.slice(2).find((argument) => argument !== '--keep');
if (unknown !== undefined) {
  console.error(`npm run demo knows only -- --keep (leave everything running), not ${unknown}.`);
  process.exitCode = 2;
} else {
  main(process.argv.includes('--keep')).catch((error: unknown) => {
    console.error(colours.red(error instanceof Error ? error.message : String(error)));
    process.exitCode = 1;
  });
}
