import { planDerived } from '../../src/activities/curated/plan-derived';
import { column } from '../../src/definition/column';
import type { DerivedTable } from '../../src/definition/derived-table';
import { pipelineOf } from '../definition/pipeline-of';

const totals = {
  ...{ from: ['my_table'], sql: 'SELECT 1' },
  columns: { year: column.int32(), region: column.string(), rows: column.int64() },
};
const derivedOf = (more: object): DerivedTable =>
  pipelineOf({ derived: { totals: { ...totals, ...more } } }).derived[0] as DerivedTable;
const snapshotOf = (more: object, snapshot = '0123456789abcdef'): string =>
  planDerived(derivedOf(more), [{ table: 'my_table', snapshot }]).snapshot;

test('a snapshot is named by all that decides on its rows and folders', () => {
  const names = [
    snapshotOf({}),
    snapshotOf({}, 'fedcba9876543210'),
    snapshotOf({ sql: 'SELECT 2' }),
    snapshotOf({ partitionBy: ['year'] }),
    snapshotOf({ partitionBy: ['year', 'region'] }),
    snapshotOf({ partitionBy: ['region', 'year'] }),
    snapshotOf({ sortBy: ['year'] }),
    snapshotOf({ primaryKey: ['year'] }),
    snapshotOf({ compression: 'gzip' }),
  ];
  expect(new Set(names).size).toBe(names.length);
  expect(snapshotOf({})).toBe(names[0]);
});
