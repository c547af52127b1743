import { column, csv, definePipeline, jsonLines, parquet, table } from 'landfall';
import unitedStates from '../../examples/united-states/pipeline';
import { readAreaDatabases } from '../../src/definition/area-databases';

/** Columns of every type that JSON can hold, each nullable. */
const EVERY_TYPE = {
  id: column.int64(),
  s: column.string().nullable(),
  b: column.boolean().nullable(),
  i8: column.int8().nullable(),
  i16: column.int16().nullable(),
  i32: column.int32().nullable(),
  i64: column.int64().nullable(),
  f32: column.float32().nullable(),
  f64: column.float64().nullable(),
  d: column.decimal(38, 4).nullable(),
  small: column.decimal(9, 2).nullable(),
  day: column.date().nullable(),
  at: column.timestamp().nullable(),
  bytes: column.binary({ encoding: 'base64' }).nullable(),
  list: column.array(column.decimal(10, 2).nullable()).nullable(),
  thing: column
    .struct({
      name: column.string().nullable(),
      at: column.timestamp().nullable(),
      many: column.array(column.int64()),
    })
    .nullable(),
  things: column.array(column.struct({ day: column.date().nullable(), ok: column.boolean() })).nullable(),
};

export const trinoCheck = definePipeline({
  name: 'trino-check',
  database: 'trino_check',
  environment: 'production-environment',
  areas: unitedStates.areas,
  areaDatabases: { rawHist: 'trino_check_raw_hist', processed: 'trino_check_processed' },
  tables: {
    every_type: table({ format: jsonLines(), columns: EVERY_TYPE, primaryKey: ['id'] }),
    texts: table({
      header: { order: 'declared' },
      columns: {
        id: column.int64({ header: 'ID' }),
        said: column.string({ nullTexts: [] }),
        code: column.string({ nullTexts: ['NA'] }).nullable(),
      },
      curated: { sortBy: ['code'] },
    }),
    unquoted: table({
      files: { required: false },
      format: csv({ delimiter: '|', quote: null, header: false }),
      columns: { id: column.int64(), said: column.string() },
    }),
    measures: table({
      files: { required: false },
      format: parquet(),
      columns: { id: column.int64(), value: column.float64().nullable(), name: column.string().nullable() },
    }),
    folders: table({
      files: { required: false },
      format: jsonLines(),
      columns: {
        id: column.int64(),
        court: column.string(),
        year: column.int32(),
        price: column.decimal(12, 2).nullable(),
      },
      curated: { partitionBy: ['court', 'year'] },
    }),
    days: table({
      files: { required: false },
      format: jsonLines(),
      columns: { id: column.int64(), day: column.date() },
      curated: { partitionBy: ['day'] },
    }),
    none: table({ files: { required: false }, format: jsonLines(), columns: { id: column.int64() } }),
  },
});

/** The example, of which raw-hist is a database too: of the tables whose files have their columns in order. */
const tables = unitedStates.tables.map((each) => ({
  ...each,
  header: { ...each.header, order: 'declared' as const },
}));
const areaDatabases = { rawHist: 'united_states_raw_hist', processed: 'united_states_processed' };
export const example = {
  ...unitedStates,
  tables,
  areaDatabases: readAreaDatabases(areaDatabases, { ...unitedStates, tables }),
};
