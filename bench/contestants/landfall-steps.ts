import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type {
  CheckFileResult,
  CheckFileTask,
  CuratedPart,
  TransformFileResult,
  TransformFileTask,
  WriteCuratedPartTask,
} from '../../src/engine/tasks';
import { measureCommand, type Sample } from '../measure';

export const CASES_MODULE = join(__dirname, '..', 'cases.ts');
const ENGINE_STEP = join(__dirname, 'engine-step.mjs');
const VERSION = 'v1.2.3';
const FILE_LAND_TIMESTAMP = 1_534_968_800;
const OF_TABLE = { pipeline: 'bench-cases', table: 'cases' };
const bucket = 'local';

interface Step<R> {
  sample: Sample;
  result: R;
}

async function measureStep(step: string, task: object, workFolder: string): Promise<Step<unknown>> {
  const { answer, ...sample } = await measureCommand(process.execPath, [
    ENGINE_STEP,
    CASES_MODULE,
    workFolder,
    step,
    JSON.stringify(task),
  ]);
  return { sample, result: JSON.parse(answer) as unknown };
}

const sha256s = new Map<string, Promise<string>>();

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Known beforehand, as it is in a run: the check has told it. */
function sha256Of(path: string): Promise<string> {
  const known = sha256s.get(path) ?? hashFile(path);
  sha256s.set(path, known);
  return known;
}

const pin = async (key: string) => ({ bucket, key, etag: '', size: (await stat(key)).size });

/** F1 of one file. */
export async function checkCsv(csv: string, workFolder: string): Promise<Sample> {
  const task: CheckFileTask = { ...OF_TABLE, source: await pin(csv) };
  const { sample, result } = (await measureStep('check', task, workFolder)) as Step<CheckFileResult>;
  if (result.findings.length > 0)
    throw new Error(`${csv} should pass: ${JSON.stringify(result.findings[0])}`);
  return sample;
}

export interface Lines {
  path: string;
  rows: number;
  /** Before gzip. */
  bytes: number;
  contentSha256: string;
}

/** F2 of one file, without a transform of the user's. */
export async function writeLines(csv: string, workFolder: string): Promise<{ sample: Sample; lines: Lines }> {
  const path = join(workFolder, 'landfall.jsonl.gz');
  const task: TransformFileTask = {
    ...OF_TABLE,
    source: await pin(csv),
    sha256: await sha256Of(csv),
    target: { bucket, key: path },
    fileName: 'cases.csv',
    fileLandTimestamp: FILE_LAND_TIMESTAMP,
    version: VERSION,
  };
  const { sample, result } = (await measureStep('transform', task, workFolder)) as Step<TransformFileResult>;
  const [object, ...others] = result.objects;
  if (!object || others.length > 0) throw new Error('the lines are in one object, up to 500 MiB');
  const { rows, bytes: outputBytes, contentBytes: bytes, contentSha256 } = object;
  return { sample: { ...sample, outputBytes }, lines: { path, rows, bytes, contentSha256 } };
}

/** Curation of one processed file. */
export async function writeParquet(lines: Lines, workFolder: string): Promise<Sample> {
  const { path: key, ...counted } = lines;
  const task: WriteCuratedPartTask = {
    ...OF_TABLE,
    inputs: [{ bucket, key, fileLandTimestamp: FILE_LAND_TIMESTAMP, ...counted }],
    target: { bucket, key: join(workFolder, 'landfall.parquet') },
    content: 'bench',
    version: VERSION,
  };
  const { sample, result } = (await measureStep('curate', task, workFolder)) as Step<CuratedPart>;
  return { ...sample, outputBytes: result.bytes };
}
