/** `late` is declared in every other release; the others always. */
export const TABLES = ['orders', 'stock', 'events', 'late'] as const;
export type TableName = (typeof TABLES)[number];

export interface Row {
  id: number;
  delivery: number;
  amount: number;
}

export const isDeclared = (table: TableName, release: number): boolean =>
  table !== 'late' || release % 2 === 1;

/** What one delivery brings: known to whoever reads, and never the same twice. */
export function rowsOf(table: TableName, delivery: number): Row[] {
  const count = 2 + ((delivery * 7 + TABLES.indexOf(table) * 3) % 5);
  return Array.from({ length: count }, (_, place) => ({
    id: delivery * 100 + place,
    delivery,
    amount: (delivery * 31 + place * 17) % 1000,
  }));
}

/** Each release drops the last one's, and adds another. */
const notesOf = (table: TableName, release: number): string[] =>
  release > 0 && (table === 'stock' || table === 'events') ? [`note_${release}`] : [];

const BASE = ['id', 'delivery', 'amount'];
const ADDED = ['etl_version', 'source_file', 'file_land_timestamp'];

export const landedColumns = (table: TableName, release: number): string[] => [
  ...BASE,
  ...notesOf(table, release),
];

/** In no order. */
export const publishedColumns = (table: TableName, release: number): string[] => [
  ...landedColumns(table, release),
  ...(table === 'orders' ? ['release', `since_${release}`] : []),
  ...ADDED,
];

export function toCsv(table: TableName, release: number, delivery: number): string {
  const columns = landedColumns(table, release);
  const lines = rowsOf(table, delivery).map((row) =>
    columns.map((name) => (name in row ? row[name as keyof Row] : `${name} of ${delivery}`)).join(','),
  );
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

/** The pipeline's tables in a release, as TypeScript: every one changes another way. */
export const writeTables = (release: number): string =>
  TABLES.filter((table) => isDeclared(table, release))
    .map((table) => `${table}: table({ ${writeColumns(table, release)}, ${OPTIONS[table](release)} }),`)
    .join('\n    ');

const BASE_COLUMNS = 'id: column.int64(), delivery: column.int32(), amount: column.int64()';

const writeColumns = (table: TableName, release: number): string =>
  `columns: { ${[BASE_COLUMNS, ...notesOf(table, release).map((name) => `${name}: column.string().nullable()`)].join(', ')} }`;

const OPTIONS: Record<TableName, (release: number) => string> = {
  // Every row says of which release the code was that published it, so that two of them in one answer show; and a column
  // takes the place of the last release's.
  orders: (release) => `primaryKey: ['id'], curated: { transform: {
      columns: { ${BASE_COLUMNS}, release: column.int32(), since_${release}: column.string() },
      apply: ({ frame, columns, added, pl }) => frame.select(columns.id, columns.delivery, columns.amount,
        pl.lit(${release}).cast(pl.Int32).alias('release'), pl.lit('v1.0.${release}').alias('since_${release}'), ...added),
    } }`,
  // It is in folders in every other release.
  stock: (release) =>
    `primaryKey: ['id']${release % 2 === 0 ? '' : `, curated: { partitionBy: ['delivery'] }`}`,
  events: () => `mode: 'delta'`,
  late: () => '',
};
