import { pipelinePrefix } from '../layout/object-keys';
import type { CurationSource, DeclaredCuration, DeclaredUpsert, ParquetOptions } from './curation';
import type { DerivedTable } from './derived-table';
import type { ForeignKey } from './foreign-key';
import type { TableFormat } from './format';
import type { HeaderPolicy } from './header-policy';
import type { Column } from './read-column';
import type { DeclaredRowCheck } from './row-check';
import type { DeclaredTransform } from './transform';
import type { AreaDatabase } from './area-databases';
import type { Completeness } from './completeness';
import type { AreaProtection } from './protections';
import type { ReaderCheck } from './reader-check';
import type { TableMode } from './table';
import type { Triggers } from './triggers';
import type { Range, Volumes } from './volumes';

/** The partition column that Landfall adds to every table. */
export const LAND_TIMESTAMP_COLUMN = 'file_land_timestamp';

/** The buckets of a pipeline. `raw` only where the pipeline has that area. */
export interface AreaBuckets {
  land: string;
  rawHist: string;
  raw?: string;
  processed: string;
  curated: string;
  /** Rows that tables with `rejects` left out, and why. Only where a table has that. */
  rejects?: string;
  /** Where refused deliveries are moved. Without it they stay in land. */
  quarantine?: string;
  /** Manifests, stage records and reports: what makes a run provable. */
  log: string;
}

/** A table with every default filled in. */
export interface Table {
  name: string;
  description: string | undefined;
  folder: string;
  files: { name: RegExp | undefined; required: boolean; min: number; max: number; bytes: Range };
  format: TableFormat;
  header: HeaderPolicy;
  columns: readonly Column[];
  primaryKey: readonly string[];
  rowChecks: readonly DeclaredRowCheck[];
  foreignKeys: readonly ForeignKey[];
  rows: { min: number; max: number };
  rejects: { maxRows: number; maxShare: number } | undefined;
  volumes: Volumes;
  transform: DeclaredTransform | undefined;
  /** The columns that processed holds, but for those that Landfall adds. */
  processedColumns: readonly Column[];
  /** Of JSON lines: a processed object has no more, but for its last line. */
  objectBytes: number;
  /** The columns that curated holds, but for those that Landfall adds and `file_land_timestamp`. */
  curatedColumns: readonly Column[];
  /** Where it is `raw-hist`, nothing of the table is processed. */
  source: CurationSource;
  curation: DeclaredCuration | undefined;
  /** Undefined where curated has all rows. */
  upsert: DeclaredUpsert | undefined;
  mode: TableMode;
  /** Of curated: in folders, and not in its files. */
  partitionBy: readonly string[];
  /** Of a table with `upsert` its key is part of it, so that the order is one. */
  sortBy: readonly string[];
  parquet: ParquetOptions;
}

export const PUBLISHINGS = ['move', 'drop-and-recreate'] as const;
/** How readers come to see a publish: see `PipelineDefinition.publishing`. */
export type Publishing = (typeof PUBLISHINGS)[number];

/** A pipeline with every default filled in: what all of Landfall but `definePipeline` works with. */
export interface Pipeline {
  readonly kind: 'landfall-pipeline';
  name: string;
  description: string | undefined;
  database: string;
  environment: string;
  folder: string;
  curatedFolder: string;
  areas: AreaBuckets;
  protections: Partial<Record<keyof AreaBuckets, AreaProtection>>;
  allMustPass: boolean;
  complete: Completeness;
  triggers: Triggers;
  versionColumn: string;
  /** Undefined where the pipeline wants none. */
  sourceFileColumn: string | undefined;
  tables: readonly Table[];
  /** What SQL makes of the tables once they are curated. */
  derived: readonly DerivedTable[];
  /** Glue databases over raw-hist and processed, of those that the pipeline wants. */
  areaDatabases: readonly AreaDatabase[];
  /** Undefined where readers are pointed at what is written without Athena being asked. */
  readerCheck: ReaderCheck | undefined;
  publishing: Publishing;
}

/** Every bucket that the pipelines name, each once. */
export const bucketsOf = (pipelines: readonly Pipeline[]): string[] => [
  ...new Set(pipelines.flatMap(({ areas }) => Object.values(areas) as string[])),
];

/** The buckets that files are copied into, and only if nothing is there. */
export const bucketsOfCopies = ({ areas: { rawHist, raw, quarantine } }: Pipeline): string[] =>
  [rawHist, raw, quarantine].filter((bucket) => bucket !== undefined);

/** The queues that the pipelines receive events from, and of what in land. */
export const queuesOf = (
  pipelines: readonly Pipeline[],
): { queue: string; bucket: string; prefix: string }[] =>
  pipelines.flatMap((pipeline) =>
    pipeline.triggers.events
      ? [
          {
            queue: pipeline.triggers.events.queue,
            bucket: pipeline.areas.land,
            prefix: pipelinePrefix(pipeline),
          },
        ]
      : [],
  );
