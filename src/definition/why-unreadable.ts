import type { CsvFormat } from './format';
import type { Table } from './pipeline';

export interface Unreadable {
  why: string;
  next: string;
}

/**
 * What in a table's declaration lets files land that Athena's SerDes would read as other rows or values than they hold
 * (OpenCSVSerDe takes CSV by position; the JSON SerDe one object a line; Parquet columns go by their names).
 * @returns undefined where nothing does
 */
export function whyUnreadable(table: Pick<Table, 'format' | 'header' | 'columns'>): Unreadable | undefined {
  const { format, columns } = table;
  switch (format.name) {
    case 'csv':
      return whyUnreadableCsv(format, table);
    case 'json-lines':
      if (format.blankLines === 'skipped')
        return { why: 'blank lines are rows to it', next: `${REFUSE} them.` };
      return columns.some(({ aliases }) => aliases.length > 0)
        ? { why: 'a column has aliases, and there a column has one key', next: LEAVE_ALIASES }
        : undefined;
    case 'parquet':
      return columns.some(({ name, header, aliases }) => header !== name || aliases.length > 0)
        ? {
            why: 'a column has another name there than in the table',
            next: 'Give the column its name in the file.',
          }
        : undefined;
    case 'json':
      return { why: 'they hold one array, and it reads one object a line', next: USE_PROCESSED };
    case 'fixed-width':
      return { why: 'they are of fixed width', next: USE_PROCESSED };
    case 'custom':
      return { why: 'they need a parser', next: USE_PROCESSED };
  }
}

const REFUSE = "Have F1 refuse (blankLines: 'refused')";
const LEAVE_ALIASES = 'Leave the aliases out.';
const USE_PROCESSED = 'Use areaDatabases.processed, which has every table.';

function whyUnreadableCsv(format: CsvFormat, { header }: Pick<Table, 'header'>): Unreadable | undefined {
  if (
    format.header &&
    (header.order !== 'declared' || header.missing !== 'refuse' || header.extra !== 'refuse')
  )
    return {
      why: 'it takes columns by their place, and a file may have them in another order, or others',
      next: "Declare header: { order: 'declared' }, with nothing missing and nothing extra.",
    };
  const odd = [
    [format.encoding !== 'utf-8', `they are ${format.encoding}`],
    [format.lineEnd === 'cr', 'their lines end with a carriage return alone'],
    [format.comment !== undefined, 'they have comments'],
    [format.trailer !== undefined, 'they have a trailer, which is a row to it'],
    [format.blankLines === 'skipped', 'blank lines are rows to it'],
    [
      format.quote !== null && format.escape === 'backslash',
      'a backslash outside quotes escapes nothing to it',
    ],
  ].find(([isOdd]) => isOdd);
  return odd && { why: String(odd[1]), next: USE_PROCESSED };
}
