import { gzipSync } from 'node:zlib';
import pl from 'nodejs-polars';
import { LosslessNumber } from 'lossless-json';
import { firstDelivery, type SuppliedFile } from '../../demo/supplier';
import type { Json } from './canonical';
import type { NumberText } from './trino-server';

const PREFIX = 'production-environment/trino-check-data';

const lines = (rows: readonly string[]): Buffer => Buffer.from(rows.map((row) => `${row}\n`).join(''));

const EVERY_TYPE = [
  `{"id":1,"s":"007","b":true,"i8":-128,"i16":-32768,"i32":-2147483648,"i64":-9223372036854775808,"f32":0.1,"f64":0.1,"d":"9999999999999999999999999999999999.9999","small":"-0.01","day":"0001-01-01","at":"1969-12-31T23:59:59.999999","bytes":"AAEC/w==","list":["0.10",null,"-99999999.99"],"thing":{"name":"x","at":"2024-02-29T13:45:00.5","many":[9007199254740993]},"things":[{"day":"2024-02-29","ok":true},{"day":null,"ok":false}]}`,
  `{"id":2,"s":"","b":false,"i8":127,"i16":32767,"i32":2147483647,"i64":9223372036854775807,"f32":3.4e38,"f64":1.7976931348623157e308,"d":"0.0001","small":"1234567.89","day":"9999-12-31","at":"2024-03-31T01:30:00.000001","bytes":"","list":[],"thing":{"name":null,"at":null,"many":[]},"things":[]}`,
  `{"id":3,"s":"Ωμέγα \\"quoted\\" \\\\ tab\\tnew\\nline 😀","f64":-1.5e-300,"list":null,"thing":null}`,
  `{"id":4}`,
];
const TEXTS = [
  'ID,said,code',
  '1,"He said ""yes"", then left",007',
  '2,C:\\temp\\new,NA',
  '3,"",',
  '4,"""all of it quoted""",A',
  '5," spaces around ",B',
  '6,Ωμέγα 😀,"C,D"',
  '7,"ends with a backslash\\",E',
  "8,it's,\\N",
  '9,"""",F',
];

const FOLDERS = [
  ['Bow Street', 2024, '"1.50"'],
  ['St Marys', -5, 'null'],
  ['Abertawe Å & co', 0, '"0.01"'],
  ['Bow Street', 2024, '"2.00"'],
].map(
  ([court, year, price], id) =>
    `{"id":${id},"court":${JSON.stringify(court)},"year":${year},"price":${price}}`,
);

const DAYS = ['2024-02-29', '2023-12-31', '2024-02-29'].map((day, id) => `{"id":${id},"day":"${day}"}`);

const numberOf = (digits: string): NumberText => new LosslessNumber(digits) as NumberText;

/** What `measures.parquet` holds. */
export const MEASURES: { [key: string]: Json }[] = [
  { id: numberOf('1'), value: numberOf('0.1'), name: 'a' },
  { id: numberOf('2'), value: null, name: null },
];

function measures(): Buffer {
  const id = pl.Series('id', [1, 2], pl.Int64);
  const value = pl.Series('value', [0.1, null], pl.Float64);
  const name = pl.Series('name', ['a', null], pl.Utf8);
  return pl.DataFrame([id, value, name]).writeParquet();
}

const of = (folder: string, file: string, body: Buffer): SuppliedFile => ({
  key: `${PREFIX}/${folder}/${file}`,
  body,
});

/** Two deliveries of the table with every type, so that each of its tables has two partitions. */
export const deliveries = (): SuppliedFile[][] => [
  [
    of('every-type-data', 'one.jsonl', lines(EVERY_TYPE)),
    of('texts-data', 'texts.csv', lines(TEXTS)),
    of('unquoted-data', 'unquoted.csv.gz', gzipSync(lines(['1|"as it is" \\ ', '2|x']))),
    of('measures-data', 'measures.parquet', measures()),
    of('folders-data', 'folders.jsonl', lines(FOLDERS)),
    of('days-data', 'days.jsonl', lines(DAYS)),
  ],
  [
    of('every-type-data', 'two.jsonl.gz', gzipSync(lines(['{"id":5,"s":"later"}']))),
    of(
      'texts-data',
      'texts.csv',
      Buffer.from(lines(['ID,said,code', '10,x,y']).toString().replaceAll('\n', '\r\n')),
    ),
  ],
];

export const exampleDelivery = firstDelivery;
