import { column, csv, definePipeline, json, jsonLines, parquet, table } from 'landfall';

const id = column.int64();
const columns = {
  id,
  name: column.string({ pattern: /[^x]*/u }).max(12).nullable(),
  amount: column.decimal(6, 2).nullable(),
  day: column.date({ min: '2000-01-01' }),
  paid: column.boolean(),
};
const anything = { id, value: column.string().nullable() };
const rows = { min: 0 };

/** What the corpora are held against. */
export default definePipeline({
  name: 'corpora',
  database: 'corpora',
  environment: 'test',
  areas: { land: 'land', rawHist: 'raw-hist', processed: 'processed', curated: 'curated', log: 'log' },
  tables: {
    json_lines: table({ format: jsonLines(), rows, columns: anything }),
    json_array: table({ format: json(), rows, columns: anything }),
    parquet: table({ format: parquet(), rows, columns: { id } }),
    fuzzed_csv: table({ format: csv(), rows, columns, primaryKey: ['id'] }),
    fuzzed_utf16: table({ format: csv({ encoding: 'utf-16' }), rows, columns }),
    fuzzed_json_lines: table({ format: jsonLines(), rows, columns }),
    fuzzed_json_array: table({ format: json(), rows, columns }),
    fuzzed_parquet: table({ format: parquet(), rows, columns: { value: column.decimal(25, 2).nullable() } }),
  },
});
