/** What a line is measured by: how long it takes, or the most memory that it holds at once. */
export type Measure = 'wall' | 'memory';

export interface Bound {
  /** The line's id. */
  line: string;
  /** Another contestant of the line; a ratio is its figure divided by Landfall's. */
  against: string;
  measure: Measure;
  /** The whole bench fails below it. */
  target: number;
  /** `--quick` fails below it: less data, fewer pairs, a machine that does other things. Without it, it only tells. */
  quick?: number;
}

/** The one place where it is said how fast Landfall has to be. */
export const BOUNDS: readonly Bound[] = [
  { line: 'chain', against: 'Dagster with Polars', measure: 'wall', target: 4 },
  { line: 'chain', against: 'Dagster with Polars', measure: 'memory', target: 2 },
  { line: 'chain', against: 'Airflow with awswrangler', measure: 'wall', target: 12 },
  { line: 'chain', against: 'Airflow with awswrangler', measure: 'memory', target: 2 },
  { line: 'check', against: 'data_linter', measure: 'wall', target: 60 },
  { line: 'check', against: 'pandas', measure: 'wall', target: 8 },
  { line: 'check', against: 'DuckDB', measure: 'wall', target: 1 },
  { line: 'json-lines', against: 'pigz -6, of ready lines', measure: 'wall', target: 0.9 },
  { line: 'json-lines', against: 'pandas', measure: 'wall', target: 5 },
  { line: 'json-lines', against: 'Polars in Python', measure: 'wall', target: 1 },
  { line: 'parquet', against: 'nodejs-polars', measure: 'wall', target: 1 },
  { line: 'parquet', against: 'DuckDB', measure: 'wall', target: 1 },
  { line: 'parquet', against: 'pandas', measure: 'wall', target: 4 },
  { line: 'parquet', against: 'arrow-pd-parser', measure: 'wall', target: 10 },
  // A tenth of the rows, ten times over: 1 / 10.5 of the time of all of them, or more.
  { line: 'ten-times', against: 'a tenth of the rows', measure: 'wall', target: 1 / 10.5 },
  { line: 'ten-times', against: 'a tenth of the rows', measure: 'memory', target: 1 / 1.1 },
  { line: 'small-files', against: 'the same bytes in one file', measure: 'wall', target: 1 / 2 },
  { line: 'deliveries', against: 'the first ten', measure: 'wall', target: 1 / 1.5 },
  { line: 'trivial', against: '1.5 s', measure: 'wall', target: 1 },
];
