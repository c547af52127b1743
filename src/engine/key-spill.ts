import { createReadStream } from 'node:fs';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withRoom } from './enlarge';
import { hashKey, type KeySpan } from './key-span';

/** Where a key stands. */
export interface KeyPlace {
  /** Which of the files that are looked at together. */
  file: number;
  row: number;
  line: number;
}

/** Sees all entries of some keys, in the order in which they were added; both hold during the call. */
export type KeyJudge = (key: KeySpan, place: KeyPlace) => void;

export interface SpillLimits {
  /** Bytes of entries that wait in memory, of all partitions together. */
  buffered: number;
  /** A partition whose file has more bytes is split again, so that its distinct keys fit in memory. */
  largestPartition: number;
}

export const SPILL_LIMITS: SpillLimits = { buffered: 8 * 1024 * 1024, largestPartition: 16 * 1024 * 1024 };

const PARTITIONS = 128;
/** Beyond this only keys that are all the same are still together, and they take no memory. */
const DEEPEST = 4;
/** The key's length, its file, row and line; the key follows. */
const HEAD = { length: 0, file: 4, row: 8, line: 16, bytes: 24 } as const;

/** Another hash at every depth. */
const partitionOf = (key: KeySpan, depth: number): number =>
  hashKey(key, Math.imul(depth + 1, 0x9e3779b9)) % PARTITIONS;

/** Shows the entries that are whole. @returns how many bytes they take */
function judgeEntries(bytes: Buffer, judge: KeyJudge): number {
  const key: KeySpan = { bytes, start: 0, end: 0 };
  const place: KeyPlace = { file: 0, row: 0, line: 0 };
  let at = 0;
  while (at + HEAD.bytes <= bytes.length) {
    key.start = at + HEAD.bytes;
    key.end = key.start + bytes.readUInt32LE(at + HEAD.length);
    if (key.end > bytes.length) break;
    place.file = bytes.readInt32LE(at + HEAD.file);
    place.row = bytes.readDoubleLE(at + HEAD.row);
    place.line = bytes.readDoubleLE(at + HEAD.line);
    judge(key, place);
    at = key.end;
  }
  return at;
}

class Partition {
  private waiting: Buffer = Buffer.alloc(0);
  bytes = 0;
  isInFile = false;

  constructor(readonly path: string) {}

  add({ bytes, start, end }: KeySpan, { file, row, line }: KeyPlace): void {
    const size = HEAD.bytes + end - start;
    this.waiting = withRoom(this.waiting, this.bytes, size);
    const at = this.bytes;
    this.waiting.writeUInt32LE(end - start, at + HEAD.length);
    this.waiting.writeInt32LE(file, at + HEAD.file);
    this.waiting.writeDoubleLE(row, at + HEAD.row);
    this.waiting.writeDoubleLE(line, at + HEAD.line);
    bytes.copy(this.waiting, at + HEAD.bytes, start, end);
    this.bytes += size;
  }

  async flush(): Promise<void> {
    const file = await open(this.path, 'a');
    try {
      await file.writeFile(this.waiting.subarray(0, this.bytes));
    } finally {
      await file.close();
    }
    this.bytes = 0;
    this.isInFile = true;
  }

  judgeWaiting(judge: KeyJudge): void {
    judgeEntries(this.waiting.subarray(0, this.bytes), judge);
  }

  async *readFile(): AsyncGenerator<(judge: KeyJudge) => void> {
    let open: Buffer = Buffer.alloc(0);
    for await (const chunk of createReadStream(this.path, { highWaterMark: 1024 * 1024 })) {
      const bytes = open.length === 0 ? (chunk as Buffer) : Buffer.concat([open, chunk as Buffer]);
      let judged = 0;
      yield (judge) => {
        judged = judgeEntries(bytes, judge);
      };
      open = bytes.subarray(judged);
    }
  }
}

/** Keys in files, split by their hash, so that each file's distinct keys fit in memory when its turn comes. */
export class KeySpill {
  private readonly partitions: Partition[];
  private readonly full = new Set<Partition>();
  private ready: Promise<unknown> | undefined;

  constructor(
    private readonly folder: string,
    private readonly limits: SpillLimits = SPILL_LIMITS,
    private readonly depth = 0,
  ) {
    this.partitions = Array.from(
      { length: PARTITIONS },
      (_, index) => new Partition(join(folder, `keys-${index}`)),
    );
  }

  add(key: KeySpan, place: KeyPlace): void {
    const partition = this.partitions[partitionOf(key, this.depth)] as Partition;
    partition.add(key, place);
    if (partition.bytes > this.limits.buffered / PARTITIONS) this.full.add(partition);
  }

  /** Writes what must not wait in memory any longer; to be awaited between batches. @returns undefined where there is none */
  relieve(): Promise<void> | undefined {
    return this.full.size === 0 ? undefined : this.flushFull();
  }

  /** Shows every entry to a judge that has seen all earlier ones of its key. Leaves no file behind. */
  async finish(createJudge: () => KeyJudge): Promise<void> {
    for (const partition of this.partitions) if (partition.isInFile) this.full.add(partition);
    await this.flushFull();
    for (const partition of this.partitions) {
      if (partition.isInFile) await this.judgeFile(partition, createJudge);
      else if (partition.bytes > 0) partition.judgeWaiting(createJudge());
    }
    if (this.ready) await rm(this.folder, { recursive: true });
  }

  private async flushFull(): Promise<void> {
    if (this.full.size === 0) return;
    this.ready ??= mkdir(this.folder, { recursive: true });
    await this.ready;
    for (const partition of this.full) await partition.flush();
    this.full.clear();
  }

  private async judgeFile(partition: Partition, createJudge: () => KeyJudge): Promise<void> {
    const { size } = await stat(partition.path);
    if (size <= this.limits.largestPartition || this.depth === DEEPEST) {
      const judge = createJudge();
      for await (const show of partition.readFile()) show(judge);
      await rm(partition.path);
      return;
    }
    const parts = new KeySpill(`${partition.path}.parts`, this.limits, this.depth + 1);
    for await (const show of partition.readFile()) {
      show((key, place) => parts.add(key, place));
      await parts.relieve();
    }
    await rm(partition.path);
    await parts.finish(createJudge);
  }
}
