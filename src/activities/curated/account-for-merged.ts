import { IntegrityError } from '../../errors';
import { rowsProcessed, type PlannedPart } from './plan-parts';
import { outcomesOf, type SnapshotRecord } from './snapshot-record';

/** What became of all rows of processed, of every delivery, in a table that has one row a key. */
export interface MergedTable {
  /** = in the table + superseded + deleted. */
  processed: number;
  /** A later row has their key. */
  superseded: number;
  /** The last rows of their keys, which delete them. */
  deleted: number;
}

/**
 * Accounts for the rows of processed that a snapshot does not have: processed = curated + superseded + deleted.
 * @returns undefined of a table that has all rows
 * @throws IntegrityError when that does not hold
 */
export function accountForMerged(
  table: string,
  planned: readonly PlannedPart[],
  record: Pick<SnapshotRecord, 'parts' | 'outcomes' | 'rows'>,
): MergedTable | undefined {
  const outcomes = outcomesOf(record);
  const { rows } = record;
  if (outcomes.length === 0) return undefined;
  const sum = (of: 'superseded' | 'deleted'): number =>
    outcomes.reduce((total, { merged }) => total + merged[of], 0);
  const [processed, superseded, deleted] = [rowsProcessed(planned), sum('superseded'), sum('deleted')];
  if (processed === rows + superseded + deleted) return { processed, superseded, deleted };
  throw new IntegrityError({
    happened: `Table "${table}": ${processed} rows are processed, but ${rows} were written to curated, ${superseded} superseded and ${deleted} deleted.`,
    unchanged: 'Nothing was published: readers see the table as it was.',
    next: 'Please report this: Landfall counts every row so that this cannot pass unseen.',
  });
}
