import { column } from '../../src/definition/column';
import { DEFAULT_LIMITS, formatEndings } from '../../src/definition/format';
import { refusalOf, tableOf } from './pipeline-of';

const parse = (): never => undefined as never;
const refused = (changes: Record<string, unknown>): string =>
  refusalOf(() => tableOf({ format: { endings: ['.dat'], parse }, ...changes })).happened;

test('a format of one’s own is its endings, its parser and bounds', () => {
  const { format } = tableOf({ format: { endings: ['.dat', '.d.01'], parse, limits: { rowCharacters: 9 } } });
  expect(format).toEqual({
    name: 'custom',
    endings: ['.dat', '.d.01'],
    parse,
    limits: { ...DEFAULT_LIMITS, rowCharacters: 9 },
  });
  expect(formatEndings(format)).toEqual(['.dat', '.d.01']);
});

test.each([
  [{ endings: ['.dat'] }, 'format.parse must be a function'],
  [{ parse }, 'format.endings Invalid input'],
  [{ endings: [], parse }, 'format.endings must have an ending, such as [".dat"]'],
  [{ endings: ['dat'], parse }, 'format.endings.0 must be an ending in lower case with its dot'],
  [{ endings: ['.DAT'], parse }, 'format.endings.0 must be an ending in lower case with its dot'],
  [{ endings: ['.dat.gz'], parse }, 'format.endings.0 must be the ending without .gz or .zst'],
  [{ endings: ['.dat'], parse: 'csv' }, 'format.parse must be a function'],
  [{ endings: ['.dat'], parse, encoding: 'utf-8' }, 'has "encoding", which Landfall does not know'],
  [{ endings: ['.dat'], parse, limits: { rows: 1 } }, 'has "rows", which Landfall does not know'],
])('%j is refused with words', (format, words) => {
  expect(refused({ format })).toContain(words);
});

test('what tells how names stand in a file, and what is no text, are refused', () => {
  const id = column.int64();
  const words = 'but a parser gives its columns by the names that the table has for them';
  expect(refused({ header: { order: 'declared' } })).toContain(`header.order is "declared", ${words}`);
  expect(refused({ header: { case: 'ignore' } })).toContain(`header.case is "ignore", ${words}`);
  expect(refused({ columns: { id: column.int64({ header: 'ID' }) } })).toContain(
    `column "id" has a header, ${words}`,
  );
  expect(refused({ columns: { id: column.int64({ alias: ['ID'] }) } })).toContain(
    `column "id" has an alias, ${words}`,
  );
  expect(refused({ columns: { ids: column.array(id) } })).toContain(
    'which the text that a parser gives cannot hold',
  );
});
