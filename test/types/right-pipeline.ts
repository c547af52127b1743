import { column, table } from 'landfall';

/** As much as a pipeline needs; nothing is wrong with it. */
export const pipeline = {
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
