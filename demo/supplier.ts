import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

const DATA = join(__dirname, '..', 'node_modules', 'vega-datasets', 'data');
const PREFIX = 'production-environment/united-states-data';

/** A file as the supplier has it. */
export interface SuppliedFile {
  key: string;
  body: Buffer;
}

function supply(table: string, name: string, body: Buffer): SuppliedFile {
  return { key: `${PREFIX}/${table}/${name}`, body };
}

const read = (name: string): Buffer => readFileSync(join(DATA, name));

/** The header, and the lines that `choose` chooses, byte for byte as they are. */
function pick(file: Buffer, choose: (line: string, index: number) => boolean): Buffer {
  const [header = '', ...lines] = file.toString('latin1').split(/(?<=\n)/);
  return Buffer.from([header, ...lines.filter(choose)].join(''), 'latin1');
}

const weatherOf = (year: number): Buffer =>
  pick(read('seattle-weather.csv'), (line) => line.startsWith(`${year}-`));
const HALF_OF_BIRDSTRIKES = 5000;

/** Seven files of five tables, as vega-datasets has them. */
export function firstDelivery(): SuppliedFile[] {
  return [
    supply('airports-data', 'airports.csv', read('airports.csv')),
    supply('zipcodes-data', 'zipcodes.csv', read('zipcodes.csv')),
    supply(
      'birdstrikes-data',
      'birdstrikes.csv',
      pick(read('birdstrikes.csv'), (_, index) => index < HALF_OF_BIRDSTRIKES),
    ),
    supply('us-employment-data', 'us-employment.csv', read('us-employment.csv')),
    ...[2012, 2013, 2014].map((year) =>
      supply('seattle-weather-data', `weather-${year}.csv`, weatherOf(year)),
    ),
  ];
}

const goodPart = (): SuppliedFile =>
  supply(
    'birdstrikes-data',
    'birdstrikes.csv',
    pick(read('birdstrikes.csv'), (_, index) => index >= HALF_OF_BIRDSTRIKES),
  );

const MISTAKES = [
  ['2015-01-05,8.1,', '2015-01-05,banana,'],
  ['2015-02-28,', '2015-02-30,'],
  ['2015-12-31,0.0,5.6,-2.1,3.5,sun', '2015-12-31,0.0,5.6,-2.1,3.5,hail'],
  ['2015-01-01,0.0,5.6,', '2015-01-01,0.0,,'],
] as const;

/** A good file and a bad one: text for a number, a date that never was, an unknown weather, a missing value. */
export function brokenDelivery(): SuppliedFile[] {
  let broken = weatherOf(2015).toString();
  for (const [right, wrong] of MISTAKES) {
    if (!broken.includes(right))
      throw new Error(`the data of vega-datasets has changed: no "${right}" in it`);
    broken = broken.replace(right, wrong);
  }
  return [goodPart(), supply('seattle-weather-data', 'weather-2015.csv', Buffer.from(broken))];
}

export function correctedFile(): SuppliedFile {
  return supply('seattle-weather-data', 'weather-2015.csv', weatherOf(2015));
}

export async function land(s3: S3Client, files: readonly SuppliedFile[]): Promise<void> {
  for (const { key, body } of files)
    await s3.send(new PutObjectCommand({ Bucket: 'mojap-land', Key: key, Body: body }));
}
