import { column, definePipeline, table } from 'landfall';

const pipeline = {
  name: 'court-cases',
  database: 'court_cases',
  environment: 'production-environment',
  areas: {
    land: 'l-land',
    rawHist: 'l-raw-hist',
    processed: 'l-processed',
    curated: 'l-curated',
    log: 'l-log',
  },
  tables: { cases: table({ columns: { case_id: column.int64() } }) },
};

// expect: 'curated' does not exist in type
export const ofCurated = definePipeline({ ...pipeline, areaDatabases: { curated: 'court_cases' } });

// expect: Type 'true' is not assignable to type
export const justTrue = definePipeline({ ...pipeline, areaDatabases: { processed: true } });

export const ofAnotherTable = definePipeline({
  ...pipeline,
  // expect: Type '"case"' is not assignable to type '"cases"'
  areaDatabases: { rawHist: { database: 'court_cases_raw_hist', tables: ['case'] } },
});
