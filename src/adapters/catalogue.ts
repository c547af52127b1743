import type { CallOptions } from './object-store';

export interface CatalogueColumn {
  name: string;
  /** A Glue type, such as `decimal(12,2)`. */
  type: string;
  comment?: string;
}

export interface CatalogueTable {
  name: string;
  description?: string;
  columns: readonly CatalogueColumn[];
  partitionKeys: readonly CatalogueColumn[];
  /** `s3://bucket/prefix/` of Parquet files. */
  location: string;
  parameters: Readonly<Record<string, string>>;
}

export interface CatalogueDatabase {
  name: string;
  description?: string;
  tables: readonly CatalogueTable[];
}

export interface CatalogueChanges {
  created: string[];
  updated: string[];
  unchanged: string[];
  dropped: string[];
}

export interface PublishOptions extends CallOptions {
  /** Called when it is known what is there and no table is changed yet; what it throws ends the publishing. */
  confirm?: () => Promise<void>;
}

/** The few verbs that publishing needs of the Glue Data Catalogue. */
export interface Catalogue {
  /**
   * Makes the database equal its declaration with no moment in which a table that stays is missing: new tables
   * first, then one UpdateTable (`VersionId`, `SkipArchive`) for each that differs, dropped tables last.
   * @throws ConflictError when another publisher changed a table in between; call again
   */
  publishDatabase(database: CatalogueDatabase, options?: PublishOptions): Promise<CatalogueChanges>;
  /** @returns undefined when there is no such database */
  readDatabase(name: string, options?: CallOptions): Promise<CatalogueDatabase | undefined>;
}

export interface QueryResult {
  columns: { name: string; type: string }[];
  /** null is SQL's NULL. */
  rows: (string | null)[][];
}

export interface QueryOptions extends CallOptions {
  database: string;
  outputLocation: string;
  /** A KMS key for the results. @default as the workgroup or the bucket has it */
  kmsKey?: string;
}

/** SQL over the published tables, as their readers send it. */
export interface QueryEngine {
  /** @throws LandfallError when the query fails or is cancelled by somebody else */
  query(sql: string, options: QueryOptions): Promise<QueryResult>;
}
