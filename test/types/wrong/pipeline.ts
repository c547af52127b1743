import { column, definePipeline, table } from 'landfall';

const areas = {
  land: 'l-land',
  rawHist: 'l-raw-hist',
  processed: 'l-processed',
  curated: 'l-curated',
  log: 'l-log',
};
const columns = { case_id: column.int64() };
const tables = { cases: table({ columns }) };
const names = { name: 'court-cases', database: 'court_cases', environment: 'production-environment' };

export const unknownKey = definePipeline({
  ...names,
  areas,
  tables,
  // expect: 'foldr' does not exist in type 'PipelineDefinition
  foldr: 'cases-data',
});

export const withoutEnvironment = definePipeline(
  // expect: Property 'environment' is missing in type
  { name: 'court-cases', database: 'court_cases', areas, tables },
);

export const tableNotMadeByTable = definePipeline({
  ...names,
  areas,
  tables: {
    // expect: Property '[madeByTable]' is missing in type
    cases: { columns },
  },
});

export const wrongTableNotMadeByTable = definePipeline({
  ...names,
  areas,
  tables: {
    // expect: Property '[madeByTable]' is missing in type
    cases: { columns, primaryKey: ['misspelt'] },
  },
});

export const tablesAsList = definePipeline({
  ...names,
  areas,
  // expect: Property '[madeByTable]' is missing in type
  tables: [{ columns }],
});
