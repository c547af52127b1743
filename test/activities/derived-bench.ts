import { createAthenaQueryEngine } from '../../src/adapters/athena-query';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { RunResult } from '../../src/layout/delivery';
import { must } from '../adapters/test-buckets';
import { Bench } from './bench';
import { createEngineInProcess } from './engine-in-process';
import { toPublished } from './take-through';

export const TABLES = `
  cases: table({ files: { required: false }, primaryKey: ['id'], columns: {
    id: column.int64(), court: column.string(), fee: column.decimal(8, 2).nullable(),
    minutes: column.int32(), received: column.date() } }),
  courts: table({ files: { required: false }, columns: { court: column.string(), region: column.string() } }),`;

export const COLUMNS = `region: column.string(), cases: column.int32(), fees: column.decimal(10, 2).nullable(),
  minutes: column.int64({ description: 'In all' }), largest: column.int64(), latest: column.date()`;
export const SQL = `SELECT courts.region, COUNT(*) AS cases, SUM(cases.fee) AS fees, SUM(cases.minutes) AS minutes,
    MAX(cases.id) AS largest, MAX(cases.received) AS latest
  FROM cases JOIN courts ON cases.court = courts.court GROUP BY courts.region`;

export const derivedOf = ({
  columns = COLUMNS,
  sql = SQL,
  rest = `primaryKey: ['region'], description: 'By region',`,
} = {}) =>
  `derived: { totals: derivedTable({ from: ['cases', 'courts'], columns: { ${columns} }, ${rest} sql: \`${sql}\` }) },`;

export const catalogue = createGlueCatalogue();
export let bench: Bench;
export let derivations = 0;

beforeEach(async () => {
  derivations = 0;
  bench = await Bench.create({ tables: TABLES, options: derivedOf() });
});
afterEach(() => bench.close());

export async function release(options: string): Promise<void> {
  bench.pipeline.release({ options });
  await bench.release(TABLES);
}

export function counting() {
  const engine = createEngineInProcess({ pipelines: bench.pipelines, store: bench.store });
  return bench.run({
    engine: {
      ...engine,
      deriveTable: (task, options) => {
        derivations += 1;
        return engine.deriveTable(task, options);
      },
    },
  });
}

export const landCases = (rows: string) =>
  bench.land('cases-data/c.csv', `id,court,fee,minutes,received\n${rows}`);
export const landCourts = (rows: string) => bench.land('courts-data/c.csv', `court,region\n${rows}`);

export async function publish(requested: number, run = counting()): Promise<RunResult> {
  return toPublished(run, await bench.take({ requested }));
}

export async function publishFirst(): Promise<RunResult> {
  await landCases(
    '9007199254740993,a,999999.99,2147483647,2024-02-29\n2,a,999999.99,1,2023-01-01\n3,b,,5,2024-01-01\n',
  );
  await landCourts('a,north\nb,south\n');
  return publish(1000);
}

export const FIRST = [
  ['north', '2', '1999999.98', '2147483648', '9007199254740993', '2024-02-29'],
  ['south', '1', '0.00', '5', '3', '2024-01-01'],
];

export async function ask(sql = 'SELECT * FROM totals ORDER BY region') {
  const { rows } = await createAthenaQueryEngine().query(sql, {
    database: bench.pipeline.database,
    outputLocation: `s3://${bench.pipeline.areas.log}/athena/`,
  });
  return rows;
}

export const findTable = async () =>
  must(await catalogue.readDatabase(bench.pipeline.database)).tables.find(({ name }) => name === 'totals');
export const derivedKeys = async () =>
  (await bench.keys('curated')).filter((key) => key.includes('/totals/'));
