import { column } from '../../src/definition/column';
import { json, jsonLines } from '../../src/definition/format';
import { refusalOf, tableOf } from './pipeline-of';

const WHERE = 'Pipeline "my-pipeline", table "my_table":';
const columnsOf = (first: object, second: object) => ({
  columns: { id: column.string(first), other: column.string(second).nullable() },
});

describe('the header policy', () => {
  test('is strict unless it says otherwise', () => {
    expect(tableOf({}).header).toEqual({ order: 'any', case: 'exact', missing: 'refuse', extra: 'refuse' });
    expect(tableOf({ header: { extra: 'ignore' } }).header).toMatchObject({ case: 'exact', extra: 'ignore' });
  });

  test.each([jsonLines(), json()])(
    'lets nullable keys of $name be absent, as JSON writers leave them out',
    (format) => {
      expect(tableOf({ format }).header.missing).toBe('null');
      expect(tableOf({ format, header: { missing: 'refuse' } }).header.missing).toBe('refuse');
    },
  );

  test.each([
    [
      'an unknown key',
      { header: { ordering: 'any' } },
      'header has "ordering", which Landfall does not know',
    ],
    [
      'an unknown word',
      { header: { case: 'lower' } },
      'header.case Invalid option: expected one of "exact"|"ignore"',
    ],
    [
      'an order of JSON keys',
      { format: jsonLines(), header: { order: 'declared' } },
      `${WHERE} header.order is "declared", but the keys of a JSON object have no order.`,
    ],
    [
      'nulls where nothing may be null',
      { header: { missing: 'null' } },
      `${WHERE} header.missing is "null", but no column may be null.`,
    ],
    [
      'an alias that is the header of another column',
      columnsOf({ alias: ['other'] }, {}),
      `${WHERE} column "other" has the header "other", which another column has already.`,
    ],
    [
      'one alias of two columns',
      columnsOf({ alias: ['x'] }, { alias: ['x'] }),
      `${WHERE} column "other" has the alias "x", which another column has already.`,
    ],
    [
      'an alias that is the header itself',
      columnsOf({ alias: ['id'] }, {}),
      `${WHERE} column "id" has the alias "id", which it has already.`,
    ],
    [
      'columns that differ in case alone where case is ignored',
      { ...columnsOf({ header: 'Name' }, { header: 'NAME' }), header: { case: 'ignore' } },
      `${WHERE} column "other" has the header "NAME", which is "Name" of column "id" when case is ignored.`,
    ],
  ])('refuses %s', (_what, changes, words) => {
    expect(refusalOf(() => tableOf(changes))).toMatchObject({
      type: 'DefinitionError',
      happened: expect.stringContaining(words) as string,
    });
  });

  test('takes columns that differ in case alone where it does not ignore case', () => {
    const { columns } = tableOf(columnsOf({ header: 'Name' }, { header: 'NAME', alias: ['name'] }));
    expect(columns.map(({ header, aliases }) => [header, ...aliases])).toEqual([['Name'], ['NAME', 'name']]);
  });
});
