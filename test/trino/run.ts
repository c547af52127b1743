import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AthenaClient, CreateWorkGroupCommand } from '@aws-sdk/client-athena';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { landfall, startDev } from '../../demo/landfall';
import { land } from '../../demo/supplier';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { checkTable, type TableVerdict } from './check-table';
import { deliveries, exampleDelivery } from './landed-files';
import { example, trinoCheck } from './pipelines';
import { pythonReaders } from './python-readers';
import { trinoReader } from './reader';
import { findJava, findTrino, WITHOUT_JAVA } from './trino-parts';
import { startTrino } from './trino-server';

const say = (words: string): void => void process.stdout.write(`${words}\n`);

const WORK_GROUP = 'analysts';
const ANSWERS = 'athena-answers';
const STATE = join('.landfall', 'trino-check');

/** The emulator's own work group has not all that Athena's have. */
async function createWorkGroup(): Promise<void> {
  const athena = new AthenaClient({});
  const ResultConfiguration = { OutputLocation: `s3://${ANSWERS}/` };
  const Configuration = { EnforceWorkGroupConfiguration: true, ResultConfiguration };
  await athena.send(new CreateWorkGroupCommand({ Name: WORK_GROUP, Configuration }));
  athena.destroy();
}

async function main(): Promise<void> {
  const java = await findJava();
  if (java === undefined) {
    say(WITHOUT_JAVA);
    say(JSON.stringify({ holds: false, leftOut: 'no JDK' }));
    process.exitCode = 1;
    return;
  }
  const trino = await findTrino();
  const dev = await startDev([join('test', 'trino', 'pipelines.ts')], STATE, false);
  Object.assign(process.env, dev.environment);
  const verdicts: TableVerdict[] = [];
  try {
    const s3 = new S3Client({ forcePathStyle: true });
    const take = async (pipeline: string): Promise<void> => {
      const code = await landfall(['run', pipeline], dev.environment);
      if (code !== 0) throw new Error(`landfall run ${pipeline} ended with exit code ${code}`);
    };
    for (const files of deliveries()) {
      await land(s3, files);
      await take(trinoCheck.name);
    }
    await land(s3, exampleDelivery());
    await take(example.name);
    await s3.send(new CreateBucketCommand({ Bucket: ANSWERS }));
    await createWorkGroup();
    const server = await startTrino({ trino, java }, dev.environment);
    try {
      const store = createS3ObjectStore();
      const [registered, projected] = [trinoReader(server, 'landfall'), trinoReader(server, 'projected')];
      const readers = {
        curated: [registered, ...(await pythonReaders(dev.environment, WORK_GROUP))],
        partitioned: [projected],
        areas: [registered],
      };
      for (const pipeline of [trinoCheck, example])
        for (const table of pipeline.tables)
          verdicts.push(...(await checkTable(readers, store, pipeline, table)));
    } finally {
      await server.stop();
    }
  } finally {
    await dev.stop();
    rmSync(STATE, { recursive: true, force: true });
  }
  report(verdicts);
}

function report(verdicts: readonly TableVerdict[]): void {
  for (const { table, rows, failures } of verdicts) {
    say(`${failures.length === 0 ? 'ok    ' : 'FAILED'} ${table}: ${rows} rows`);
    for (const failure of failures) say(`    ${failure}`);
  }
  const failed = verdicts.filter(({ failures }) => failures.length > 0).map(({ table }) => table);
  const rows = verdicts.reduce((sum, each) => sum + each.rows, 0);
  const holds = verdicts.length > 0 && failed.length === 0;
  say(JSON.stringify({ holds, tables: verdicts.length, rows, failed }));
  process.exitCode = holds ? 0 : 1;
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  say(JSON.stringify({ holds: false }));
  process.exitCode = 1;
});
