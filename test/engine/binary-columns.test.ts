import { randomUUID } from 'node:crypto';
import { AthenaClient } from '@aws-sdk/client-athena';
import { createAthenaQueryEngine } from '../../src/adapters/athena-query';
import { awsSettings } from '../../src/adapters/aws-settings';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import { column } from '../../src/definition/column';
import { writeCuratedPart } from '../../src/engine/write-curated-part';
import { Tasks } from './task-context';

test('bytes go from hexadecimal to Athena, through a transform that sees base64', async () => {
  const columns = { id: column.int8(), photo: column.binary({ encoding: 'hex' }).nullable() };
  const tasks = await Tasks.of({
    columns,
    curated: { sortBy: ['id'] },
    transform: { columns, apply: ({ frame, columns: { id }, pl }) => frame.filter(id.neq(pl.lit(9))) },
  });
  const { lines, target, rowsOut, contentBytes, contentSha256 } = await tasks.transform(
    'id,photo\n3,\n2,""\n1,0001fF\n',
  );
  expect(lines.split('\n').slice(0, 3)).toEqual([
    '{"id":3,"photo":null,"etl_version":"v1.2.3"}',
    '{"id":2,"photo":"","etl_version":"v1.2.3"}',
    '{"id":1,"photo":"AAH/","etl_version":"v1.2.3"}',
  ]);

  const inputs = [{ ...target, fileLandTimestamp: 1, rows: rowsOut, bytes: contentBytes, contentSha256 }];
  const to = { bucket: tasks.bucket, key: 'curated/rows/data-part-0.parquet' };
  const task = { pipeline: 'things', table: 'rows', inputs, target: to, content: 'c', version: 'v1.2.3' };
  await tasks.withContext((context) => writeCuratedPart(task, context));
  const database = `bytes_${randomUUID().slice(0, 8)}`;
  const location = `s3://${tasks.bucket}/curated/rows/`;
  await createGlueCatalogue().publishDatabase({
    name: database,
    tables: [
      {
        name: 'rows',
        columns: [
          { name: 'id', type: 'tinyint' },
          { name: 'photo', type: 'binary' },
        ],
        partitionKeys: [],
        location,
        parameters: {},
      },
    ],
  });
  const { rows } = await createAthenaQueryEngine({ athena: new AthenaClient(awsSettings()) }).query(
    'SELECT id, typeof(photo), hex(photo), octet_length(photo) FROM rows',
    { database, outputLocation: `s3://${tasks.bucket}/results/` },
  );
  expect(rows).toEqual([
    ['1', 'BLOB', '0001FF', '3'],
    ['2', 'BLOB', '', '0'],
    ['3', 'BLOB', null, null],
  ]);
});
