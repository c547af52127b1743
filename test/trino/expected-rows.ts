import { gunzipSync } from 'node:zlib';
import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseJson, stringify } from 'lossless-json';
import type { ObjectStore } from '../../src/adapters/object-store';
import type { ColumnType } from '../../src/definition/column-type';
import { addedColumns } from '../../src/definition/added-columns';
import type { Pipeline, Table } from '../../src/definition/pipeline';
import { parseArchivedTimestamp, pipelinePrefix } from '../../src/layout/object-keys';
import { canonical, isNumber, type Json } from './canonical';

export interface ExpectedColumn {
  name: string;
  type: ColumnType;
}

const STRING: ColumnType = { name: 'string' };
const TIMESTAMP: ExpectedColumn = { name: 'file_land_timestamp', type: { name: 'int64' } };

/** The columns of a table in processed and in curated. */
export const processedColumns = (pipeline: Pipeline, table: Table): ExpectedColumn[] => [
  ...table.processedColumns.map(({ name, type }) => ({ name, type })),
  ...addedColumns(pipeline).map(({ name }) => ({ name, type: STRING })),
  TIMESTAMP,
];

/** In the order of curated: partitions come last. */
export const curatedColumns = (pipeline: Pipeline, table: Table): ExpectedColumn[] => {
  const columns = processedColumns(pipeline, table);
  const inFiles = columns.filter(({ name }) => !table.partitionBy.includes(name));
  return [...inFiles, ...table.partitionBy.flatMap((key) => columns.filter(({ name }) => name === key))];
};

/** Those of raw-hist: all texts but in Parquet. */
export const archivedColumns = (table: Table): ExpectedColumn[] => [
  ...table.columns.map(({ name, type }) => ({ name, type: table.format.name === 'parquet' ? type : STRING })),
  TIMESTAMP,
];

/** Every row of what was processed, by another reader than any of Landfall's; each as one text. */
export async function readProcessedRows(
  store: ObjectStore,
  pipeline: Pipeline,
  table: Table,
  columns: readonly ExpectedColumn[],
): Promise<string[]> {
  const rows: string[] = [];
  for await (const { timestamp, bytes } of filesOf(store, pipeline.areas.processed, pipeline, table))
    for (const line of linesOf(bytes)) {
      const row = parseJson(line) as { [key: string]: Json };
      rows.push(rowOf(columns, (name) => (name === TIMESTAMP.name ? timestamp : row[name])));
    }
  return rows;
}

/** Every row of what landed, nothing of it interpreted. */
export async function readArchivedRows(
  store: ObjectStore,
  pipeline: Pipeline,
  table: Table,
  parquetRows: readonly { [key: string]: Json }[],
): Promise<string[]> {
  const columns = archivedColumns(table);
  const rows: string[] = [];
  for await (const { timestamp, bytes } of filesOf(store, pipeline.areas.rawHist, pipeline, table)) {
    const add = (valueOf: (header: string, place: number) => Json | undefined): void => {
      const headers = new Map(table.columns.map(({ name, header }, place) => [name, { header, place }]));
      rows.push(
        rowOf(columns, (name) => {
          const column = headers.get(name);
          return column ? valueOf(column.header, column.place) : timestamp;
        }),
      );
    };
    if (table.format.name === 'parquet') for (const row of parquetRows) add((header) => row[header]);
    else if (table.format.name === 'csv') {
      const { delimiter, quote, header, skipLines } = table.format;
      const options = {
        delimiter,
        quote: quote ?? false,
        from_line: 1 + skipLines,
        relax_quotes: quote === null,
      };
      const records: string[][] = parseCsv(bytes, options);
      for (const record of header ? records.slice(1) : records) add((_, place) => record[place]);
    } else
      for (const line of linesOf(bytes)) {
        const row = parseJson(line) as { [key: string]: Json };
        add((key) => asText(row[key]));
      }
  }
  return rows;
}

/** As the SerDe gives a value in a column of texts: a nested one as its JSON, a power of ten written its way. */
function asText(value: Json | undefined): Json | undefined {
  if (typeof value !== 'object' || value === null) return value;
  if (!isNumber(value)) return stringify(value) ?? null;
  return value.value.replace(/e\+?(-?)/i, (_, minus: string) => (minus === '' ? 'E+' : 'E-'));
}

export const rowOf = (
  columns: readonly ExpectedColumn[],
  valueOf: (name: string, place: number) => Json | undefined,
): string => columns.map(({ name, type }, place) => canonical(type, valueOf(name, place))).join(' | ');

const linesOf = (bytes: Buffer): string[] => bytes.toString('utf8').split('\n').filter(Boolean);

async function* filesOf(
  store: ObjectStore,
  bucket: string,
  pipeline: Pipeline,
  table: Table,
): AsyncGenerator<{ timestamp: string; bytes: Buffer }> {
  for await (const object of store.list(bucket, `${pipelinePrefix(pipeline)}${table.folder}/`)) {
    const stored = await store.head(object);
    if (!stored) throw new Error(`${object.key} has gone`);
    const chunks: Buffer[] = [];
    for await (const chunk of await store.read({ ...stored, bucket, key: object.key }))
      chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const timestamp = String(parseArchivedTimestamp(object.key));
    yield { timestamp, bytes: object.key.endsWith('.gz') ? gunzipSync(bytes) : bytes };
  }
}
