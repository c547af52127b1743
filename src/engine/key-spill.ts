import { mkdir, open, rm, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { decodeUtf8 } from './decode-utf8';

/** A key and where it stands. */
export interface KeyEntry {
  key: string;
  /** Which of the files that are looked at together. */
  file: number;
  row: number;
  line: number;
}

/** Sees all entries of some keys, in the order in which they were added. */
export type KeyJudge = (entry: KeyEntry) => void;

export interface SpillLimits {
  /** Bytes of entries that wait in memory, of all partitions together. */
  buffered: number;
  /** A partition whose file has more bytes is split again, so that its distinct keys fit in memory. */
  largestPartition: number;
}

export const SPILL_LIMITS: SpillLimits = { buffered: 4 * 1024 * 1024, largestPartition: 8 * 1024 * 1024 };

const PARTITIONS = 128;
/** Beyond this only keys that are all the same are still together, and they take no memory. */
const DEEPEST = 4;

/** FNV-1a, which spreads keys that differ in one digit; another hash at every depth. */
function hash(key: string, depth: number): number {
  let value = 0x811c9dc5 ^ Math.imul(depth, 0x9e3779b9);
  for (let at = 0; at < key.length; at += 1) value = Math.imul(value ^ key.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 12)) >>> 0;
}

const write = ({ key, file, row, line }: KeyEntry): string =>
  `${file} ${row} ${line} ${JSON.stringify(key)}\n`;

function read(text: string): KeyEntry {
  const [file, row, line] = text.split(' ', 3).map(Number) as [number, number, number];
  return { key: JSON.parse(text.slice(text.indexOf('"'))) as string, file, row, line };
}

/** Lines end at line feeds only, unlike those of `node:readline`. */
async function* readLines(path: string): AsyncGenerator<string[]> {
  let open = '';
  for await (const { text } of decodeUtf8(createReadStream(path, { highWaterMark: 256 * 1024 }))) {
    const lines = (open + text).split('\n');
    open = lines.pop() ?? '';
    yield lines;
  }
}

interface Partition {
  path: string;
  /** Bytes, not strings: a million short strings take many times their length. */
  waiting: Buffer;
  bytes: number;
  isInFile: boolean;
}

const NOTHING = Buffer.alloc(0);
const SMALLEST_BUFFER = 256;

function enlarge(partition: Partition, bytes: number): void {
  const larger = Buffer.allocUnsafeSlow(Math.max(SMALLEST_BUFFER, bytes, partition.waiting.length * 2));
  partition.waiting.copy(larger, 0, 0, partition.bytes);
  partition.waiting = larger;
}

/** Keys in files, split by their hash, so that each file's distinct keys fit in memory when its turn comes. */
export class KeySpill {
  private readonly partitions: Partition[];
  private ready: Promise<unknown> | undefined;

  constructor(
    private readonly folder: string,
    private readonly limits: SpillLimits = SPILL_LIMITS,
    private readonly depth = 0,
  ) {
    this.partitions = Array.from({ length: PARTITIONS }, (_, index) => ({
      path: join(folder, `keys-${index}.jsonl`),
      waiting: NOTHING,
      bytes: 0,
      isInFile: false,
    }));
  }

  /** @returns a promise when a file is written, to be awaited before more is added */
  add(entry: KeyEntry): Promise<void> | undefined {
    const partition = this.partitions[hash(entry.key, this.depth) % PARTITIONS] as Partition;
    const line = write(entry);
    const most = partition.bytes + line.length * 3;
    if (most > partition.waiting.length) enlarge(partition, most);
    partition.bytes += partition.waiting.write(line, partition.bytes);
    return partition.bytes > this.limits.buffered / PARTITIONS ? this.flush(partition) : undefined;
  }

  /** Shows every entry to a judge that has seen all earlier ones of its key. Leaves no file behind. */
  async finish(createJudge: () => KeyJudge): Promise<void> {
    for (const partition of this.partitions) if (partition.isInFile) await this.flush(partition);
    for (const partition of this.partitions) {
      if (partition.isInFile) await this.judgeFile(partition.path, createJudge);
      else if (partition.bytes > 0) {
        const judge = createJudge();
        const lines = partition.waiting.toString('utf8', 0, partition.bytes).trimEnd().split('\n');
        for (const line of lines) judge(read(line));
      }
    }
    if (this.ready) await rm(this.folder, { recursive: true });
  }

  private async judgeFile(path: string, createJudge: () => KeyJudge): Promise<void> {
    const { size } = await stat(path);
    if (size > this.limits.largestPartition && this.depth < DEEPEST) {
      const parts = new KeySpill(`${path}.parts`, this.limits, this.depth + 1);
      for await (const lines of readLines(path)) {
        for (const line of lines) {
          const busy = parts.add(read(line));
          if (busy) await busy;
        }
      }
      await rm(path);
      await parts.finish(createJudge);
      return;
    }
    const judge = createJudge();
    for await (const lines of readLines(path)) for (const line of lines) judge(read(line));
    await rm(path);
  }

  private async flush(partition: Partition): Promise<void> {
    this.ready ??= mkdir(this.folder, { recursive: true });
    await this.ready;
    const file = await open(partition.path, 'a');
    try {
      await file.writeFile(partition.waiting.subarray(0, partition.bytes));
    } finally {
      await file.close();
    }
    partition.bytes = 0;
    partition.isInFile = true;
  }
}
