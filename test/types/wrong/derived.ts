import { column, definePipeline, derivedTable } from 'landfall';
import { pipeline } from '../right-pipeline';

const columns = { cases: column.int64() };
const sql = 'SELECT COUNT(*) AS cases FROM cases';

export const ofNoTable = definePipeline({
  ...pipeline,
  // expect: '"case"' is not assignable to type '"cases"'
  derived: { totals: derivedTable({ from: ['case'], columns, sql }) },
});

export const ofADerivedTable = definePipeline({
  ...pipeline,
  derived: {
    totals: derivedTable({ from: ['cases'], columns, sql }),
    // expect: '"totals"' is not assignable to type '"cases"'
    more: derivedTable({ from: ['cases', 'totals'], columns, sql }),
  },
});

// expect: is not assignable to type
export const ofNothing = derivedTable({ from: [], columns, sql });

// expect: Type '"case"' is not assignable to type '"cases"'
export const sortedByNoColumn = derivedTable({ from: ['cases'], columns, sql, sortBy: ['case'] });

// expect: Type '"id"' is not assignable to type '"cases"'
export const withAnotherKey = derivedTable({ from: ['cases'], columns, sql, primaryKey: ['id'] });

export const unchecked = definePipeline({
  ...pipeline,
  // expect: is missing in type
  derived: { totals: { from: ['cases'], columns, sql } },
});

// expect: Type '"case"' is not assignable to type '"cases"'
export const inFoldersOfNoColumn = derivedTable({ from: ['cases'], columns, sql, partitionBy: ['case'] });
