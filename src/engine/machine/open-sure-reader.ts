import { toSureColumn } from '../../checks/bytes/sure-column';
import type { CsvFormat } from '../../definition/format';
import type { CsvJudge } from '../judge-csv-rows';
import { NO_BYTE, specialBytes } from '../scan-plain-csv';
import { SureRecordReader } from './sure-records';

/** @returns undefined where no record of the file is sure to be right */
export function openSureReader(
  { delimiter: separator, quote: quotes, limits }: Omit<CsvFormat, 'name'>,
  { columns: declared, places, width, rowPasses }: CsvJudge,
): SureRecordReader | undefined {
  // A row check asks for texts; a column that is not there refuses every row.
  if (rowPasses || places.includes(undefined)) return undefined;
  const columns = declared.map(toSureColumn).filter((column) => column !== undefined);
  if (columns.length < declared.length) return undefined;
  const delimiter = separator.charCodeAt(0);
  const quote = quotes?.charCodeAt(0) ?? NO_BYTE;
  return new SureRecordReader({
    ...{ delimiter, quote, columns },
    special: specialBytes(delimiter, quote),
    largest: limits.rowCharacters,
    columnOf: Array.from({ length: width }, (_, place) => places.indexOf(place)),
    absent: places.flatMap((place, index) => (place === null ? [index] : [])),
  });
}
