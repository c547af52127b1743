import type { Finding } from '../checks/finding';
import type { RowBatch } from './row-batch';

/** What looks at the rows of all files of a table, one file after the other. */
export interface RowsWatch {
  /** @returns a promise when the caller should wait before it adds more */
  add(file: number, batch: RowBatch): Promise<void> | undefined;
  /** By file, in their order. */
  finish(): Promise<Finding[]>;
}
