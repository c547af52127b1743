import spectrum from 'csv-spectrum';
import { csv } from '../../src/definition/format';
import { readCsv } from '../../src/engine/read-csv';
import { all, inChunks } from '../engine/chunks';
import { verdict, type Verdict } from './verdict';

interface Item {
  name: string;
  csv: Buffer;
  json: Buffer;
}

/** It has quotes in bare fields, which RFC 4180 has not; and its JSON is of another phone number. */
const BARE_QUOTES = 'location_coordinates';
const correct = (name: string, json: string): string =>
  name === BARE_QUOTES ? json.replace('1234567890', '2095257564') : json;

/** Every file gives the records of its expected JSON. */
export async function checkCsvSpectrum(): Promise<Verdict> {
  const result = verdict('csv-spectrum');
  const items = await new Promise<Item[]>((resolve, reject) =>
    spectrum((error: Error | null, found: Item[]) => (error ? reject(error) : resolve(found))),
  );
  for (const item of items) {
    result.files += 1;
    const strict = await all(readCsv(inChunks(item.csv, [7, 20]), csv()));
    const isRefused = strict.some((row) => row.fault === 'bad-quote');
    if (isRefused !== (item.name === BARE_QUOTES))
      result.fail(`${item.name} is ${isRefused ? '' : 'not '}refused`);
    const format = csv(isRefused ? { quote: null } : {});
    const [header, ...rows] = await all(readCsv(inChunks(item.csv, [7, 20]), format));
    const fault = [header, ...rows].find((row) => row?.fault)?.fault;
    const records = rows.map(({ fields }) =>
      Object.fromEntries(fields.map((field, index) => [header?.fields[index] ?? '', field])),
    );
    const expected = JSON.stringify([JSON.parse(correct(item.name, item.json.toString()))].flat());
    if (fault !== undefined) result.fail(`${item.name} has ${fault}`);
    else if (JSON.stringify(records) !== expected)
      result.fail(`${item.name} gives ${JSON.stringify(records)} instead of ${expected}`);
  }
  return result;
}
