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

/** A good file and a bad one: text for a number, a date that never was, an unknown weather, a missing value. */
export function brokenDelivery(): SuppliedFile[] {
  const broken = weatherOf(2015)
    .toString()
    .replace('2015-01-05,10.2,', '2015-01-05,banana,')
    .replace('2015-02-28,', '2015-02-30,')
    .replace(/(2015-07-04.*,)sun/, '$1hail')
    .replace(/(2015-11-11,[^,]*,)[^,]*,/, '$1,');
  return [goodPart(), supply('seattle-weather-data', 'weather-2015.csv', Buffer.from(broken))];
}

export function correctedFile(): SuppliedFile {
  return supply('seattle-weather-data', 'weather-2015.csv', weatherOf(2015));
}

export async function land(s3: S3Client, files: readonly SuppliedFile[]): Promise<void> {
  for (const { key, body } of files)
    await s3.send(new PutObjectCommand({ Bucket: 'mojap-land', Key: key, Body: body }));
}
