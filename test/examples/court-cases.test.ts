import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAthenaQueryEngine } from '../../src/adapters/athena-query';
import { createMissingBuckets } from '../../src/adapters/s3-buckets';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { LandfallClient } from '../../src/client';
import { startTestWorker } from '../support/run-landfall';
import { REPOSITORY } from '../support/test-pipeline';

const FOLDER = join(REPOSITORY, 'examples', 'court-cases');
const MODULE = join(FOLDER, 'pipeline.ts');
const BUCKETS = ['land', 'raw-hist', 'raw', 'processed', 'curated', 'log'].map((area) => `mojap-${area}`);

test('the README shows the example as it is', () => {
  const readme = readFileSync(join(REPOSITORY, 'README.md'), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(MODULE, 'utf8')}\`\`\``);
});

test('the example takes its delivery from land to Athena', async () => {
  await createMissingBuckets(BUCKETS);
  const worker = await startTestWorker([MODULE]);
  const client = await LandfallClient.connect();
  try {
    const body = readFileSync(join(FOLDER, 'cases_2024.csv'));
    const key = 'production-environment/court-cases-data/cases-data/cases_2024.csv';
    await createS3ObjectStore().write({ bucket: 'mojap-land', key }, body);
    const result = await client.run('court-cases');
    expect(result?.tables).toEqual([
      { table: 'cases', files: 1, landed: 3, processed: 3, rejected: 0, addedByTransform: 0, published: 3 },
    ]);
    const { rows } = await createAthenaQueryEngine().query(
      'SELECT case_id, court, received, received_year, fee FROM cases ORDER BY case_id',
      { database: 'court_cases', outputLocation: 's3://mojap-log/athena/' },
    );
    expect(rows).toEqual([
      ['AB000123', 'crown', '2024-02-29', '2024', '1200.50'],
      ['CD004560', 'county', '2024-03-01', '2024', null],
      ['EF078900', 'magistrates', '2024-03-02', '2024', '0.05'],
    ]);
  } finally {
    await client.close();
    await worker.stop();
  }
});
