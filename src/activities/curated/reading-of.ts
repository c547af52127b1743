import type { Table } from '../../definition/pipeline';

// Neither is JSON, and either may say how a value is read.
const toText = (_key: string, value: unknown): unknown =>
  value instanceof RegExp || typeof value === 'function' ? String(value) : value;

/** How values are read from archived files, as far as it is declared; the rest is the code's. */
export const readingOf = ({
  format,
  header,
  columns,
}: Pick<Table, 'format' | 'header' | 'columns'>): string =>
  JSON.stringify(
    [
      format,
      header,
      columns.map(({ name, header: of, aliases, type, nullTexts }) => [name, of, aliases, type, nullTexts]),
    ],
    toText,
  );
