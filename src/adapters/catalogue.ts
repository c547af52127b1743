import type { CallOptions } from './object-store';

export interface CatalogueColumn {
  name: string;
  /** A Glue type, such as `decimal(12,2)`. */
  type: string;
  comment?: string;
}

/** How a table's files are written. */
export type TableStorage =
  | { name: 'parquet' }
  /** Without a quote, no field is in quotes. */
  | { name: 'csv'; separator: string; quote?: string }
  /** One object a line; `keys`: of columns that have another name there. */
  | { name: 'json'; keys: Readonly<Record<string, string>>; isCaseExact: boolean };

export interface CatalogueTable {
  name: string;
  description?: string;
  columns: readonly CatalogueColumn[];
  partitionKeys: readonly CatalogueColumn[];
  /** `s3://bucket/prefix/` */
  location: string;
  /** @default Parquet */
  storage?: TableStorage;
  parameters: Readonly<Record<string, string>>;
  /** All that are to be registered. Absent where publishing leaves them alone; of a table that was read. */
  partitions?: readonly CataloguePartition[];
}

export interface CatalogueDatabase {
  name: string;
  description?: string;
  tables: readonly CatalogueTable[];
}

/** The files below `location` have these values in the table's partition columns. */
export interface CataloguePartition {
  values: readonly string[];
  /** `s3://bucket/prefix/` */
  location: string;
}

export interface ListedPartition extends CataloguePartition {
  /** Its columns and storage are the table's. */
  isAsDeclared: boolean;
}

export interface PartitionChanges {
  added: readonly CataloguePartition[];
  updated: readonly CataloguePartition[];
  removed: readonly CataloguePartition[];
}

export interface CatalogueChanges {
  created: string[];
  updated: string[];
  unchanged: string[];
  dropped: string[];
}

export interface PublishOptions extends CallOptions {
  /** Called with what is there, when no table is changed yet; what it throws ends the publishing. */
  confirm?: (existing: readonly CatalogueTable[]) => Promise<void>;
  /** The whole database is deleted and made again: for a moment it is not there. */
  dropFirst?: boolean;
}

/** The few verbs that publishing needs of the Glue Data Catalogue. */
export interface Catalogue extends PartitionCatalogue {
  /**
   * Makes the database equal its declaration with no moment in which a table that stays is missing: new tables
   * first, then one UpdateTable (`VersionId`, `SkipArchive`) for each that differs, dropped tables last. Partitions
   * that are registered follow their table, each in one step.
   * @throws ConflictError when another publisher changed a table in between; call again
   */
  publishDatabase(database: CatalogueDatabase, options?: PublishOptions): Promise<CatalogueChanges>;
  /** Only these; one that is not there is as good as dropped. */
  dropTables(database: string, tables: readonly string[], options?: CallOptions): Promise<void>;
  /** @returns undefined when there is no such database */
  readDatabase(name: string, options?: CallOptions): Promise<CatalogueDatabase | undefined>;
}

/** The verbs that tables over an area's own folders need beyond those. */
export interface PartitionCatalogue {
  /** @returns none when there is no such table */
  readPartitions(database: string, table: CatalogueTable, options?: CallOptions): Promise<ListedPartition[]>;
  /** May be called twice, or by two at once; the table must be there. */
  changePartitions(
    database: string,
    table: CatalogueTable,
    changes: PartitionChanges,
    options?: CallOptions,
  ): Promise<void>;
}

export interface QueryResult {
  /** By which Athena's console and logs find the query. */
  query: string;
  columns: { name: string; type: string }[];
  /** null is SQL's NULL. */
  rows: (string | null)[][];
}

export interface QueryOptions extends CallOptions {
  database: string;
  outputLocation: string;
  /** A KMS key for the results. @default as the workgroup or the bucket has it */
  kmsKey?: string;
  /** @default 'primary' */
  workgroup?: string;
}

/** SQL over tables of the catalogue, as their readers send it. */
export interface QueryEngine {
  /**
   * @throws QueryFailedError when the query fails or is cancelled by somebody else
   * @throws UnavailableError when it fails for a reason that passes by itself
   */
  query(sql: string, options: QueryOptions): Promise<QueryResult>;
}
