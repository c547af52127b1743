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

// expect: Property 'database' is missing in type
export const withoutDatabase = definePipeline({ ...pipeline, readerCheck: {} });

// expect: Type 'boolean' is not assignable to type 'ReaderCheckDefinition'
export const justTrue = definePipeline({ ...pipeline, readerCheck: true });

// expect: 'workGroup' does not exist in type 'ReaderCheckDefinition'
export const misspelt = definePipeline({ ...pipeline, readerCheck: { database: 'c', workGroup: 'primary' } });

// expect: Type '"answers/"' is not assignable to type
export const noLocation = definePipeline({ ...pipeline, readerCheck: { database: 'c', output: 'answers/' } });
