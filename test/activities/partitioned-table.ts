import { createAthenaQueryEngine } from '../../src/adapters/athena-query';
import type { CatalogueTable } from '../../src/adapters/catalogue';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import type { WriteCuratedPartTask } from '../../src/engine/tasks';
import type { DeliveryRef } from '../../src/layout/delivery';
import { must } from '../adapters/test-buckets';
import { Bench, type Attempts } from './bench';
import { createTellingEngine } from './engine-in-process';
import { toPublished } from './take-through';

const COLUMNS = `id: column.int64(), court: column.string(), received: column.date(), fee: column.decimal(12, 2)`;
export const tableOf = (curated: string, mode = 'rebuild', options = ''): string =>
  `a: table({ rows: { min: 0 }, columns: { ${COLUMNS} }, mode: '${mode}', curated: { ${curated} }, ${options} }),`;
export const ROWS = [
  '2,Bow Street,2024-01-02,1.50',
  '1,Bow Street,2024-01-02,2.50',
  '3,York,2023-12-31,0.10',
];

export const catalogue = createGlueCatalogue();
const athena = createAthenaQueryEngine();

/** A pipeline with a table `a`, and its readers. */
export class PartitionedTable {
  /** What parts were made of, and not copied. */
  readonly made: WriteCuratedPartTask[] = [];
  private next = 1_534_968_800;

  private constructor(readonly bench: Bench) {}

  static async open(tables: string): Promise<PartitionedTable> {
    return new PartitionedTable(await Bench.create({ tables }));
  }

  run(): Attempts {
    const { pipelines, store } = this.bench;
    return this.bench.run({
      engine: createTellingEngine({ pipelines, store }, (task) => this.made.push(task)),
    });
  }

  async land(...rows: string[]): Promise<DeliveryRef> {
    await this.bench.land('a-data/x.csv', ['id,court,received,fee', ...rows, ''].join('\n'));
    return this.take();
  }

  take(): Promise<DeliveryRef> {
    return this.bench.take({ requested: (this.next += 1) });
  }

  async publish(...rows: string[]): Promise<DeliveryRef> {
    const delivery = await this.land(...rows);
    await toPublished(this.run(), delivery);
    return delivery;
  }

  async query(sql: string): Promise<(string | null)[][]> {
    const { database, areas } = this.bench.pipeline;
    const { rows } = await athena.query(sql, { database, outputLocation: `s3://${areas.log}/results/` });
    return rows;
  }

  readAll(): Promise<(string | null)[][]> {
    return this.query('SELECT id, court, received, fee FROM a ORDER BY file_land_timestamp, id');
  }

  /** As Glue has it. */
  async read(): Promise<CatalogueTable> {
    return must((await catalogue.readDatabase(this.bench.pipeline.database))?.tables[0]);
  }

  /** Values, and where below the table. */
  async readRegistered(): Promise<[string, string][]> {
    const table = await this.read();
    const listed = await catalogue.readPartitions(this.bench.pipeline.database, table);
    return listed
      .map(({ values, location }): [string, string] => [
        values.join('/'),
        location.slice(table.location.length),
      ])
      .sort();
  }
}
