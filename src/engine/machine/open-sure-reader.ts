import { toSureColumn, type SureColumn } from '../../checks/bytes/sure-column';
import { NUMBERS } from '../../checks/compile-json-column';
import type { CsvFormat } from '../../definition/format';
import type { Column } from '../../definition/read-column';
import type { CsvJudge } from '../judge-csv-rows';
import { NO_BYTE, specialBytes } from '../scan-plain-csv';
import { SureRecordReader } from './sure-records';

/** @returns undefined unless all of them are */
function toSureColumns(declared: readonly Column[]): SureColumn[] | undefined {
  const columns = declared.map(toSureColumn).filter((column) => column !== undefined);
  return columns.length === declared.length ? columns : undefined;
}

/** For CSV. @returns undefined where no record of the file is sure to be right */
export function openSureReader(
  { delimiter: separator, quote: quotes, limits }: Omit<CsvFormat, 'name'>,
  { columns: declared, places, width, rowPasses }: CsvJudge,
): SureRecordReader | undefined {
  // A row check asks for texts; a column that is not there refuses every row.
  if (rowPasses || places.includes(undefined)) return undefined;
  const columns = toSureColumns(declared);
  if (!columns) return undefined;
  const delimiter = separator.charCodeAt(0);
  const quote = quotes?.charCodeAt(0) ?? NO_BYTE;
  return new SureRecordReader('read-sure-records', {
    ...{ delimiter, quote, columns },
    special: specialBytes(delimiter, quote),
    largest: limits.rowCharacters,
    columnOf: Array.from({ length: width }, (_, place) => places.indexOf(place)),
    absent: places.flatMap((place, index) => (place === null ? [index] : [])),
  });
}

/**
 * For lines of JSON whose keys stand in the order of the columns.
 * @param largest bytes of a line
 * @returns undefined where no line is sure to be right
 */
export function openSureLineReader(
  declared: readonly Column[],
  largest: number,
): SureRecordReader | undefined {
  const columns = toSureColumns(declared);
  if (!columns || columns.length === 0) return undefined;
  return new SureRecordReader('read-sure-lines', {
    ...{ delimiter: NO_BYTE, quote: NO_BYTE, special: new Uint8Array(), largest, columns, absent: [] },
    columnOf: [...columns.keys()],
    keys: declared.map(({ header, type }, index) => ({
      prefix: `${index === 0 ? '{' : ','}${JSON.stringify(header)}:`,
      isBare: NUMBERS.has(type.name),
    })),
  });
}
