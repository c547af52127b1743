import type { Scene } from './disturbed-line';

/** As few effects as a whole line can have, so that all pairs of crashes can be tried. */
export const SMALLEST: Scene = {
  name: 'one file of one table, land with versions',
  hasRaw: false,
  versionedLand: true,
  tables: `a: table({ columns: { id: column.int64() } }),`,
  files: { 'a-data/x.csv': 'id\n1\n2\n' },
};

export const UNVERSIONED: Scene = {
  ...SMALLEST,
  name: 'one file of one table, land without versions',
  versionedLand: false,
};

/** Several files, a raw area, a transform that leaves rows out. */
export const USUAL: Scene = {
  name: 'four files of two tables, land without versions, a raw area',
  hasRaw: true,
  versionedLand: false,
  tables: `a: table({ columns: { id: column.int64() }, primaryKey: ['id'] }),
  b: table({ format: jsonLines(), columns: { id: column.int64() }, transform: {
    rows: 'changed', columns: { id: column.int64() }, apply: ({ frame, pl }) => frame.filter(pl.col('id').gt(1)),
  } }),`,
  files: {
    'a-data/x.csv': 'id\n1\n2\n',
    'a-data/y.csv': 'id\n3\n',
    'b-data/x.jsonl': '{"id":1}\n{"id":2}\n',
    'b-data/y.jsonl': '{"id":3}\n',
  },
};
