import type { RowBatch } from '../../src/engine/row-batch';

/** All that a batch says of each row: where it is, whether it passed, its values and what it held. */
export async function gatherRows(batches: AsyncIterable<RowBatch>, rows: unknown[] = []): Promise<unknown[]> {
  for await (const batch of batches)
    for (let index = 0; index < batch.length; index += 1)
      rows.push([
        batch.rows[index],
        batch.lines[index],
        batch.passed[index],
        batch.texts(index),
        batch.raw(index)?.(),
      ]);
  return rows;
}
