import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { checkCsv, writeLines, writeParquet } from '../contestants/landfall-steps';
import { casesFile } from '../generate-cases';
import { joinContestants, pythonStep, type Candidate } from '../join-contestants';
import type { Line } from '../line';
import { measureCommand } from '../measure';
import { peerScript } from '../python-environments';

const sizeOf = (path: string) => async (): Promise<number> => (await stat(path)).size;

async function unpack(from: string, to: string): Promise<string> {
  await pipeline(createReadStream(from), createGunzip(), createWriteStream(to));
  return to;
}

async function pigzOf(lines: string, target: string): Promise<Awaited<ReturnType<Candidate['join']>>> {
  await measureCommand('pigz', ['--version']).catch(() => {
    throw new Error('pigz is not installed');
  });
  return async () => {
    const script = 'pigz -6 -c "$1" > "$2"';
    const { answer: _, ...sample } = await measureCommand('sh', ['-c', script, 'sh', lines, target]);
    return { ...sample, outputBytes: await sizeOf(target)() };
  };
}

const check: Line = {
  id: 'check',
  title: 'F1: types, nulls, enum, pattern, range, unique key',
  async prepare(place) {
    const csv = await casesFile(place.scale.rows);
    const folder = join(place.workFolder, 'data-linter');
    return joinContestants(
      { name: 'Landfall', run: () => checkCsv(csv, place.workFolder) },
      [
        { name: 'DuckDB', peer: 'duckdb', join: pythonStep('tables', 'duckdb_steps.py', ['check', csv, '']) },
        { name: 'pandas', peer: 'pandas', join: pythonStep('tables', 'pandas_steps.py', ['check', csv, '']) },
        {
          name: 'data_linter',
          peer: 'data-linter',
          join: pythonStep('data-linter', 'data_linter_check.py', [csv, folder]),
        },
      ],
      place,
    );
  },
};

const jsonLines: Line = {
  id: 'json-lines',
  title: 'CSV to jsonl.gz',
  async prepare(place) {
    const { workFolder } = place;
    const csv = await casesFile(place.scale.rows);
    const { lines } = await writeLines(csv, workFolder);
    const ready = await unpack(lines.path, join(workFolder, 'ready.jsonl'));
    const step = (script: string, target = join(workFolder, `${script}.jsonl.gz`)): Candidate['join'] =>
      pythonStep('tables', script, ['json-lines', csv, target], sizeOf(target));
    return joinContestants(
      { name: 'Landfall', run: async () => (await writeLines(csv, workFolder)).sample },
      [
        {
          name: 'pigz -6, of ready lines',
          peer: 'pigz',
          join: () => pigzOf(ready, join(workFolder, 'pigz.jsonl.gz')),
        },
        { name: 'Polars in Python', peer: 'polars', join: step('polars_steps.py') },
        { name: 'DuckDB', peer: 'duckdb', join: step('duckdb_steps.py') },
        { name: 'pandas', peer: 'pandas', join: step('pandas_steps.py') },
      ],
      place,
    );
  },
};

const parquet: Line = {
  id: 'parquet',
  title: 'jsonl.gz to typed Parquet (zstd)',
  async prepare(place) {
    const { workFolder } = place;
    const { lines } = await writeLines(await casesFile(place.scale.rows), workFolder);
    const target = (name: string): string => join(workFolder, `${name}.parquet`);
    const step = (name: string, script: string): Candidate['join'] =>
      pythonStep(
        name === 'arrow-pd-parser' ? 'data-linter' : 'tables',
        script,
        ['parquet', lines.path, target(name)],
        sizeOf(target(name)),
      );
    const nodejsPolars: Candidate['join'] = () =>
      Promise.resolve(async () => {
        const script = peerScript('nodejs-polars-steps.mjs');
        const args = [script, 'parquet', lines.path, target('nodejs-polars')];
        const { answer: _, ...sample } = await measureCommand(process.execPath, args);
        return { ...sample, outputBytes: await sizeOf(target('nodejs-polars'))() };
      });
    return joinContestants(
      { name: 'Landfall', run: () => writeParquet(lines, workFolder) },
      [
        { name: 'nodejs-polars', peer: 'nodejs-polars', join: nodejsPolars },
        { name: 'DuckDB', peer: 'duckdb', join: step('duckdb', 'duckdb_steps.py') },
        { name: 'pandas', peer: 'pandas', join: step('pandas', 'pandas_steps.py') },
        {
          name: 'arrow-pd-parser',
          peer: 'data-linter',
          join: step('arrow-pd-parser', 'arrow_pd_parser_steps.py'),
        },
      ],
      place,
    );
  },
};

export const STEPS: readonly Line[] = [check, jsonLines, parquet];
