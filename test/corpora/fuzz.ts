import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { decompress } from 'fzstd';
import { zstd } from '../engine/compress';
import type { EngineUnderTest } from './engine-under-test';
import { mutate, mutations, rows, toCsv, toJsonLines, type Row } from './mutations';
import { judgeCsv, judgeJsonArray, judgeJsonLines } from './oracle';
import { verdict, type Verdict } from './verdict';

interface Target {
  table: string;
  file: string;
  /** Share of all files. */
  share: number;
  write: (rows: Row[]) => Buffer | Promise<Buffer>;
  /** Where the other reader may take a damaged file badly. */
  isAskedAboutPassed?: boolean;
  /** What another reader has against the bytes, if anything. */
  judge: (bytes: Buffer) => string | undefined | Promise<string | undefined>;
}

const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');
const DECIMALS = readFileSync(join(__dirname, 'parquet-testing', 'data', 'fixed_length_decimal.parquet'));

function judgeGzip(bytes: Buffer): string | undefined {
  try {
    return judgeCsv(gunzipSync(bytes), 'utf-8', true);
  } catch {
    return 'no gzip';
  }
}

function judgeZstd(bytes: Buffer): string | undefined {
  let unpacked: Uint8Array;
  try {
    unpacked = decompress(bytes);
  } catch {
    return 'no zstd';
  }
  return judgeCsv(Buffer.from(unpacked), 'utf-8', true);
}

/**
 * The library's own reader of rows, whose pages, levels and values take another way than the engine's: no value is wider
 * than its column. It has no use for some of what is damaged, and then says nothing.
 */
async function judgeParquet(bytes: Buffer): Promise<string | undefined> {
  const { parquetReadObjects } = await import('hyparquet');
  const file = new Uint8Array(bytes).buffer;
  let rows: Record<string, unknown>[];
  try {
    rows = await parquetReadObjects({ file });
  } catch {
    return undefined;
  }
  return rows.every(({ value }) => value === null || Math.abs(Number(value)) < 1e23) ? undefined : 'a value';
}

const TARGETS: readonly Target[] = [
  {
    table: 'fuzzed_csv',
    file: 'a.csv',
    share: 0.4,
    write: (of) => Buffer.from(toCsv(of)),
    judge: (bytes) => judgeCsv(bytes, 'utf-8', true),
  },
  {
    table: 'fuzzed_utf16',
    file: 'a.csv',
    share: 0.1,
    write: (of) => utf16(toCsv(of)),
    judge: (bytes) => judgeCsv(bytes, 'utf-16le'),
  },
  {
    table: 'fuzzed_json_lines',
    file: 'a.jsonl',
    share: 0.2,
    write: (of) => Buffer.from(toJsonLines(of)),
    judge: judgeJsonLines,
  },
  {
    table: 'fuzzed_json_array',
    file: 'a.json',
    share: 0.1,
    write: (of) => Buffer.from(JSON.stringify(of)),
    judge: judgeJsonArray,
  },
  { table: 'fuzzed_csv', file: 'a.csv.gz', share: 0.1, write: (of) => gzipSync(toCsv(of)), judge: judgeGzip },
  {
    table: 'fuzzed_csv',
    file: 'a.csv.zst',
    share: 0.05,
    write: (of) => zstd(toCsv(of)),
    judge: judgeZstd,
  },
  {
    table: 'fuzzed_parquet',
    file: 'a.parquet',
    share: 0.05,
    write: () => DECIMALS,
    judge: judgeParquet,
    isAskedAboutPassed: true,
  },
];

const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message;
};

/** Good files, changed in a few places: none may pass that the oracle refuses, and none may end the process. */
export async function fuzz(engine: EngineUnderTest, files: number, seed: number): Promise<Verdict> {
  const result = verdict('fuzz');
  const count = { refused: 0, passed: 0, stricter: 0 };
  const fuzzOne = async ({
    table,
    file,
    share,
    write,
    judge,
    isAskedAboutPassed = false,
  }: Target): Promise<void> => {
    const isGood = async (of: Row[]): Promise<void> => {
      const body = await write(of);
      const against = await judge(body);
      const findings = await engine.check(table, file, body);
      if (findings.length > 0 || against !== undefined)
        throw new Error(`the unchanged file is refused: ${against ?? JSON.stringify(findings)}`);
    };
    await fc.assert(fc.asyncProperty(rows, isGood), { seed, numRuns: 10 });
    const property = fc.asyncProperty(rows, mutations, async (of, changes) => {
      const bytes = mutate(await write(of), changes);
      result.files += 1;
      const passed = (await engine.check(table, file, bytes)).length === 0;
      const against = passed || !isAskedAboutPassed ? await judge(bytes) : 'not asked';
      count[passed ? 'passed' : 'refused'] += 1;
      if (!passed && against === undefined) count.stricter += 1;
      if (passed && against !== undefined)
        throw new Error(
          `it passes, but the oracle refuses it for ${against}: ${JSON.stringify(bytes.toString('latin1'))}`,
        );
    });
    await fc.assert(property, { seed, numRuns: Math.ceil(files * share), endOnFailure: true });
  };
  for (const target of TARGETS) {
    try {
      await fuzzOne(target);
    } catch (error) {
      result.fail(`${target.table}, ${target.file}, seed ${seed}: ${describe(error)}`);
    }
  }
  result.figures = count;
  return result;
}
