import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMissingBuckets } from '../../src/adapters/s3-buckets';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import type { AreaBuckets } from '../../src/definition/pipeline';

export const REPOSITORY = join(__dirname, '..', '..');

/** A pipeline of its own for a test: its module, and buckets that nobody else uses. */
export interface TestPipeline {
  name: string;
  module: string;
  database: string;
  areas: Required<AreaBuckets>;
  /** Changes the module, as a release of the user's code does. */
  release(source: Partial<PipelineSource>): void;
  land(file: string, body: string | Buffer): Promise<void>;
  /** Keys in an area, in order. */
  list(area: keyof AreaBuckets): Promise<string[]>;
  read(area: keyof AreaBuckets, key: string): Promise<Buffer>;
  remove(): void;
}

/** Parts of the module's source, as TypeScript. */
interface PipelineSource {
  hasRaw: boolean;
  hasQuarantine: boolean;
  /** How objects are kept, by area. */
  kept: Partial<Record<keyof AreaBuckets, object>>;
  /** What the pipeline says beside its areas and tables. */
  options: string;
  tables: string;
}

const ORDERS = `orders: table({
      columns: { id: column.int64(), name: column.string(), price: column.decimal(12, 2).nullable(), day: column.date() },
      primaryKey: ['id'],
    }),`;

export const PREFIX = 'production-environment/my-database-data/';

export async function createTestPipeline(source: Partial<PipelineSource> = {}): Promise<TestPipeline> {
  const name = `test-${randomUUID().slice(0, 8)}`;
  const folder = join(tmpdir(), `landfall-pipelines-${process.pid}`);
  const module = join(folder, `${name}.ts`);
  const current: PipelineSource = {
    hasRaw: true,
    hasQuarantine: false,
    kept: {},
    options: '',
    tables: ORDERS,
    ...source,
  };
  const write = (): void => writeFileSync(module, writeModule(name, current));
  mkdirSync(folder, { recursive: true });
  write();
  const areas = areasOf(name);
  await createMissingBuckets(Object.values(areas));
  const store = createS3ObjectStore();
  return {
    name,
    module,
    database: databaseOf(name),
    areas,
    release: (changed) => {
      Object.assign(current, changed);
      write();
    },
    land: (file, body) => store.write({ bucket: areas.land, key: PREFIX + file }, body),
    list: async (area) => {
      const keys: string[] = [];
      for await (const { key } of store.list(areas[area], '')) keys.push(key);
      return keys;
    },
    read: async (area, key) => {
      const location = { bucket: areas[area], key };
      const stored = await store.head(location);
      if (!stored) throw new Error(`there is no s3://${location.bucket}/${key}`);
      const chunks: Buffer[] = [];
      for await (const chunk of await store.read({ ...stored, ...location })) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    },
    remove: () => rmSync(module, { force: true }),
  };
}

const databaseOf = (name: string): string => `my_database_${name.replaceAll('-', '_')}`;

const areasOf = (name: string): Required<AreaBuckets> => ({
  land: `${name}-land`,
  rawHist: `${name}-raw-hist`,
  raw: `${name}-raw`,
  processed: `${name}-processed`,
  curated: `${name}-curated`,
  log: `${name}-log`,
  rejects: `${name}-rejects`,
  quarantine: `${name}-quarantine`,
});

function writeModule(name: string, source: PipelineSource): string {
  const { hasRaw, hasQuarantine, kept, options, tables } = source;
  const { raw, quarantine, ...areas } = areasOf(name);
  const optional = { ...(hasRaw ? { raw } : {}), ...(hasQuarantine ? { quarantine } : {}) };
  const written = Object.entries({ ...areas, ...optional }).map(([area, bucket]) => {
    const keeping = kept[area as keyof AreaBuckets];
    return [area, keeping ? { bucket, ...keeping } : bucket];
  });
  return `import { column, csv, definePipeline, derivedTable, fixedWidth, json, jsonLines, parquet, table } from 'landfall';

export default definePipeline({
  name: '${name}',
  database: '${databaseOf(name)}',
  folder: 'my-database-data',
  environment: 'production-environment',
  areas: ${JSON.stringify(Object.fromEntries(written))},
  ${options}
  tables: {
    ${tables}
  },
});
`;
}
