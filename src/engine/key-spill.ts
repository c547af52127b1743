import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { decodeUtf8 } from './decode-utf8';
import type { DuplicateKey } from './key-index';

const PARTITIONS = 128;
const FLUSH_CHARACTERS = 64 * 1024;

/** FNV-1a, which spreads keys that differ in one digit. */
function hash(key: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) value = Math.imul(value ^ key.charCodeAt(at), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}

/** Lines end at line feeds only, unlike those of `node:readline`. */
async function* readLines(path: string): AsyncGenerator<string> {
  let open = '';
  for await (const { text } of decodeUtf8(createReadStream(path))) {
    const lines = (open + text).split('\n');
    open = lines.pop() ?? '';
    yield* lines;
  }
}

interface Partition {
  path: string;
  lines: string[];
  characters: number;
}

/** Keys in files, split by their hash, so that each file's distinct keys fit in memory when its turn comes. */
export class KeySpill {
  private readonly partitions: Partition[];
  private readonly ready: Promise<unknown>;

  constructor(private readonly folder: string) {
    this.ready = mkdir(folder, { recursive: true });
    this.partitions = Array.from({ length: PARTITIONS }, (_, index) => ({
      path: join(folder, `keys-${index}.jsonl`),
      lines: [],
      characters: 0,
    }));
  }

  /** @returns a promise when a file is written, to be awaited before more is added */
  add(key: string, row: number, line: number): Promise<void> | undefined {
    const partition = this.partitions[hash(key) % PARTITIONS] as Partition;
    partition.lines.push(`${row} ${line} ${JSON.stringify(key)}\n`);
    partition.characters += key.length + 32;
    return partition.characters > FLUSH_CHARACTERS ? this.flush(partition) : undefined;
  }

  async finish(onDuplicate: (duplicate: DuplicateKey) => void): Promise<void> {
    for (const partition of this.partitions) {
      await this.flush(partition);
      const seen = new Set<string>();
      for await (const text of readLines(partition.path)) {
        const [row, line] = text.split(' ', 2).map(Number) as [number, number];
        const written = text.slice(text.indexOf('"'));
        if (seen.has(written)) onDuplicate({ row, line, key: JSON.parse(written) as string });
        else seen.add(written);
      }
      await rm(partition.path);
    }
  }

  private async flush(partition: Partition): Promise<void> {
    await this.ready;
    const lines = partition.lines.join('');
    partition.lines = [];
    partition.characters = 0;
    const file: FileHandle = await open(partition.path, 'a');
    try {
      await file.writeFile(lines);
    } finally {
      await file.close();
    }
  }
}
