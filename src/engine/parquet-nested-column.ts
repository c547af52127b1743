import type { JsonValue } from '../checks/json-value';
import { assembleRow, LeafRow } from './assemble-parquet-row';
import type { ParquetColumn } from './parquet-column';
import { decoding } from './parquet-fault';
import type { ParquetPlan } from './parquet-plan';

/** Held ahead, so that reading waits seldom. */
const MOST_ROWS_AHEAD = 1000;
/** What JSON would need for a value, about, beside its text. */
const SIZE_OF_VALUE = 8;
/** Of rows, as their size is counted. */
const MOST_AHEAD = 1024 * 1024;

/**
 * One array or struct column of one row group, put together from the columns that hold its parts. Memory is bounded by
 * a page of each, and the rows that are held ahead.
 */
export class ParquetNestedColumn {
  private rows: (JsonValue | undefined)[] = [];
  private at = 0;
  private size = 0;

  constructor(
    private readonly plan: ParquetPlan,
    private readonly leaves: readonly ParquetColumn[],
    /** The largest size of a row. */
    private readonly mostInRow: number,
  ) {}

  /** How many rows can be taken without waiting; at least one. */
  async ready(): Promise<number> {
    if (this.at === this.rows.length) {
      this.rows = [];
      this.at = 0;
      let held = 0;
      do held += await this.readRow();
      while (
        held < MOST_AHEAD &&
        this.rows.length < MOST_ROWS_AHEAD &&
        this.leaves.every((leaf) => leaf.isReady)
      );
    }
    return this.rows.length - this.at;
  }

  /** The next row's value; undefined when it is larger than a row may be. */
  next(): JsonValue | undefined {
    this.at += 1;
    return this.rows[this.at - 1];
  }

  /** @throws ParquetFault when there is more than was said */
  finish(): void {
    for (const leaf of this.leaves) leaf.finish();
  }

  private async readRow(): Promise<number> {
    this.size = 0;
    const leaves: LeafRow[] = [];
    for (const column of this.leaves) {
      const leaf = new LeafRow();
      leaves.push(leaf);
      do await column.ready();
      while (!decoding('a page', 0, () => this.takeReady(column, leaf)) && !column.isAtEnd);
    }
    const isTooLarge = this.size > this.mostInRow;
    this.rows.push(isTooLarge ? undefined : decoding('a row', 0, () => assembleRow(this.plan, leaves)));
    return this.size;
  }

  /** @returns whether the row is known to be complete; of what is too large, values are passed over */
  private takeReady(column: ParquetColumn, leaf: LeafRow): boolean {
    while (column.isReady) {
      if (column.nextRepetition === 0 && leaf.isBegun) return true;
      const text = column.next();
      this.size += (text?.length ?? 0) + SIZE_OF_VALUE;
      if (this.size <= this.mostInRow || !leaf.isBegun) leaf.push(column.repetition, column.definition, text);
    }
    return false;
  }
}
