import { column, type Columns } from '../../src/definition/column';
import { Tasks } from '../engine/task-context';

/** Elsewhere `banana` passed a nullable boolean, 9999 an int8 and 123456.789 a decimal(4,2). */
const COLUMNS = {
  paid: column.boolean().nullable(),
  tiny: column.int8().nullable(),
  amount: column.decimal(4, 2).nullable(),
};

test('a text that is no value of its column’s type is found, null or not', async () => {
  const tasks = await Tasks.of<Columns>({ columns: COLUMNS });
  const { findings } = await tasks.check(
    'paid,tiny,amount\nbanana,127,12.34\ntrue,9999,\n,128,123456.789\nTRUE,-128,1.234\nfalse,0,100.00\n',
  );

  expect(
    findings.map(({ code, column: name, samples }) => [code, name, samples.map(({ value }) => value)]),
  ).toEqual([
    ['type', 'paid', ['banana']],
    ['type', 'tiny', ['9999', '128']],
    ['type', 'amount', ['123456.789', '1.234', '100.00']],
  ]);
});
