/** Consecutive files of one table that one activity takes. */
export interface Batch {
  table: string;
  /** The first file's place in the plan. */
  first: number;
  files: number;
  bytes: number;
}

const MOST_FILES = 125;
const MOST_BYTES = 64 * 1024 * 1024;

/** Cuts files (of one table after the other) into batches, so that a thousand small files do not cost a thousand activities. */
export function cutIntoBatches(files: readonly { table: string; size: number }[]): Batch[] {
  const batches: Batch[] = [];
  files.forEach((file, index) => {
    const last = batches.at(-1);
    if (last?.table === file.table && last.files < MOST_FILES && last.bytes + file.size <= MOST_BYTES) {
      last.files += 1;
      last.bytes += file.size;
    } else {
      batches.push({ table: file.table, first: index, files: 1, bytes: file.size });
    }
  });
  return batches;
}
