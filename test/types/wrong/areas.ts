import { column, definePipeline, table } from 'landfall';

const names = { name: 'court-cases', database: 'court_cases', environment: 'production-environment' };
const tables = { cases: table({ columns: { case_id: column.int64() } }) };

export const withoutCurated = definePipeline({
  ...names,
  // expect: Property 'curated' is missing in type
  areas: { land: 'l-land', rawHist: 'l-raw-hist', processed: 'l-processed', log: 'l-log' },
  tables,
});

export const otherCase = definePipeline({
  ...names,
  areas: {
    land: 'l-land',
    // expect: 'rawhist' does not exist in type 'AreaBuckets'.
    rawhist: 'l-raw-hist',
    processed: 'l-processed',
    curated: 'l-curated',
    log: 'l-log',
  },
  tables,
});

export const rawSwitchedOn = definePipeline({
  ...names,
  areas: {
    land: 'l-land',
    rawHist: 'l-raw-hist',
    // expect: Type 'boolean' is not assignable to type 'string'.
    raw: true,
    processed: 'l-processed',
    curated: 'l-curated',
    log: 'l-log',
  },
  tables,
});
