import { checkId } from '../../src/checks/check';
import { listChecks } from '../../src/checks/list-checks';
import { column } from '../../src/definition/column';
import { definePipeline } from '../../src/definition/define-pipeline';
import { jsonLines } from '../../src/definition/format';
import type { Table } from '../../src/definition/pipeline';
import { table, type CheckedTable } from '../../src/definition/table';

function read(definition: CheckedTable): Table {
  const [first] = definePipeline({
    name: 'things',
    database: 'things',
    environment: 'test',
    areas: { land: 'land', rawHist: 'raw-hist', processed: 'processed', curated: 'curated', log: 'log' },
    tables: { things: definition },
  }).tables;
  if (!first) throw new Error('there is no table');
  return first;
}

const idsOf = (definition: CheckedTable): string[] => listChecks(read(definition)).map(checkId);

const OF_CSV_FILES = [
  ...['empty-file', 'wrong-compression', 'damaged-compression', 'double-compression', 'unpacks-too-large'],
  ...['too-few-rows', 'not-utf-8', 'bad-quote', 'field-count', 'row-too-large', 'blank-line'],
  ...['unknown-column', 'duplicate-column'],
];

describe('the checks that a table declares', () => {
  it('are those of its files and of each column, type and rules and null and refinement', () => {
    const definition = table({
      columns: {
        id: column.int32().min(5),
        kind: column.oneOf(['a', 'b']).nullable(),
        code: column.string({ pattern: /[A-Z]/ }).min(1).max(9).refine(Boolean),
        fee: column.decimal(8, 2, { min: '0', max: '9' }),
      },
      primaryKey: ['id', 'code'],
    });
    expect(idsOf(definition)).toEqual([
      ...OF_CSV_FILES,
      ...['missing-column id', 'null id', 'type id', 'min id'],
      ...['missing-column kind', 'type kind', 'enum kind'],
      ...[
        'missing-column code',
        'null code',
        'type code',
        'pattern code',
        'min-length code',
        'max-length code',
      ],
      'refinement code',
      ...['missing-column fee', 'null fee', 'type fee', 'min fee', 'max fee'],
      ...['null-in-key id, code', 'duplicate-key id, code'],
    ]);
  });

  it('of JSON do not ask for a column that may be null', () => {
    const definition = table({
      format: jsonLines(),
      columns: { id: column.int64(), note: column.string().nullable() },
      rows: { min: 0, max: 9 },
    });
    expect(idsOf(definition)).toEqual([
      ...[
        'empty-file',
        'wrong-compression',
        'damaged-compression',
        'double-compression',
        'unpacks-too-large',
      ],
      ...['too-many-rows', 'not-utf-8', 'malformed-json', 'repeated-json-key', 'too-deep', 'row-too-large'],
      ...['unknown-column', 'blank-line', 'missing-column id', 'null id', 'type id', 'type note'],
    ]);
  });

  it('of a parser are its own, and those of columns as in CSV', () => {
    const definition = table({
      format: {
        endings: ['.dat'],
        parse: async function* (_bytes, { row }) {
          yield await Promise.resolve(row({ id: '1' }));
        },
      },
      columns: { id: column.int64() },
    });
    expect(idsOf(definition)).toEqual([
      ...OF_CSV_FILES.slice(0, 6),
      ...['parser-failed', 'unparsed-record', 'row-too-large', 'unknown-column'],
      ...['missing-column id', 'null id', 'type id'],
    ]);
  });

  it('say what they ask for, in the words of the findings', () => {
    const checks = listChecks(read(table({ columns: { n: column.int32().min(5).min(7) } })));
    expect(checks.find(({ code }) => code === 'min')).toEqual({
      code: 'min',
      column: 'n',
      of: 'value',
      title: 'minimum',
      expected: 'at least 5 and at least 7',
    });
  });
});
