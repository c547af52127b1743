import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { makeOnce } from './cache';

const SEED = 20_261_123;
const HEADER =
  'case_id,court_code,defendant_ref,offence,plea,amount,hearing_date,created_at,is_youth,notes\n';
const OFFENCES = ['theft', 'fraud', 'assault', 'burglary', 'speeding'];
const PLEAS = ['guilty', 'not guilty', ''];
const ROWS_A_WRITE = 10_000;
const DAY_MS = 86_400_000;

/** Numbers from 0 to below `below`, the same each time (xorshift32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * below);
  };
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0');

function toLine(id: number, random: (below: number) => number): string {
  const day = new Date(Date.UTC(2020, 0, 1) + random(1800) * DAY_MS).toISOString().slice(0, 10);
  return [
    id,
    digits(random(9999), 4),
    `D${digits(random(1e8), 8)}`,
    OFFENCES[random(OFFENCES.length)],
    PLEAS[random(PLEAS.length)],
    (random(1e6) / 100).toFixed(2),
    day,
    `${day}T${digits(random(24), 2)}:${digits(random(60), 2)}:${digits(random(60), 2)}`,
    random(2) === 1,
    `"note, ""${id % 97}"" lorem ipsum dolor sit amet"\n`,
  ].join(',');
}

function* linesOf(rows: number, first: number): Generator<string> {
  const random = createRandom(SEED + first);
  yield HEADER;
  for (let row = 0; row < rows; row += ROWS_A_WRITE) {
    let text = '';
    for (let id = row; id < Math.min(rows, row + ROWS_A_WRITE); id += 1) text += toLine(first + id, random);
    yield text;
  }
}

/** One CSV file of so many rows, about 123 bytes each. */
export const casesFile = (rows: number): Promise<string> =>
  makeOnce(`cases-${SEED}-${rows}.csv`, async (path) => {
    const file = createWriteStream(path);
    for (const text of linesOf(rows, 0)) if (!file.write(text)) await once(file, 'drain');
    file.end();
    await once(file, 'finish');
  });

/** The same number of rows in several files: `cases-0.csv` and on. */
export const casesFolder = (files: number, rowsEach: number): Promise<string> =>
  makeOnce(`cases-${SEED}-${files}x${rowsEach}`, async (path) => {
    await mkdir(path);
    for (let file = 0; file < files; file += 1)
      await writeFile(join(path, `cases-${file}.csv`), [...linesOf(rowsEach, file * rowsEach)].join(''));
  });
