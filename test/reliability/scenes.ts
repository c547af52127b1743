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

/** Several files, an empty one among them, a marker, a raw area, a transform that leaves rows out. */
export const USUAL: Scene = {
  name: 'four files of two tables and a marker, land without versions, a raw area',
  hasRaw: true,
  versionedLand: false,
  options: `complete: { marker: 'DONE' },`,
  tables: `a: table({ columns: { id: column.int64() }, primaryKey: ['id'] }),
  b: table({ format: jsonLines(), columns: { id: column.int64() }, transform: {
    rows: 'changed', columns: { id: column.int64() }, apply: ({ frame, pl }) => frame.filter(pl.col('id').gt(1)),
  } }),`,
  files: {
    'a-data/x.csv': 'id\n1\n2\n',
    'a-data/y.csv': 'id\n3\n',
    'b-data/x.jsonl': '{"id":1}\n{"id":2}\n',
    'b-data/y.jsonl': '{"id":3}\n',
    DONE: '',
  },
};

/** What was processed is deleted once it is published; of one table, beside one that keeps it. */
export const DELTA: Scene = {
  ...SMALLEST,
  name: 'two files of two tables, one of them in mode delta',
  tables: `a: table({ columns: { id: column.int64() }, mode: 'delta' }),
  b: table({ columns: { id: column.int64() } }),`,
  files: { 'a-data/x.csv': 'id\n1\n2\n', 'b-data/x.csv': 'id\n3\n' },
};

/** What F1 refuses, whole: one of its files is bad. */
export const REFUSED: Scene = {
  ...SMALLEST,
  name: 'a refused delivery on its way to quarantine',
  hasQuarantine: true,
  files: { 'a-data/x.csv': 'id\n1\n2\n', 'a-data/y.csv': 'id\nthree\n' },
};

/** Each upload takes the place of the one before, as version `null`. */
export const SUSPENDED: Scene = {
  ...SMALLEST,
  name: 'one file of one table, versions of land suspended',
  versionedLand: 'suspended',
};

/** An upload that nobody was to see is below the one that counts. */
export const OVERWRITTEN: Scene = {
  ...SMALLEST,
  name: 'one overwritten file of one table, land with versions',
  overwritten: { 'a-data/x.csv': 'id\n9\n' },
};

/** Two files, of which one can be replaced while the other stays. */
export const PAIR: Scene = {
  ...UNVERSIONED,
  name: 'two files of one table, land without versions',
  files: { 'a-data/x.csv': 'id\n1\n2\n', 'a-data/y.csv': 'id\n3\n' },
};
