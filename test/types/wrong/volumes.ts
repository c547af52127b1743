import { column, definePipeline, table } from 'landfall';

const columns = { case_id: column.int64() };
const pipeline = {
  name: 'court-cases',
  database: 'court_cases',
  environment: 'production-environment',
  areas: { land: 'l-land', rawHist: 'l-rh', processed: 'l-processed', curated: 'l-curated', log: 'l-log' },
  tables: { cases: table({ columns }) },
};

export const shareAndDeviations = table({
  columns,
  // expect: is not assignable to type
  history: { rows: { deviations: 3, maxShare: 2 } },
});

export const unknownMeasure = table({
  columns,
  // expect: 'lines' does not exist in type 'DeliveryVolumes'.
  delivery: { lines: { min: 1 } },
});

export const unknownSign = definePipeline({
  ...pipeline,
  // expect: 'markr' does not exist in type 'CompletenessDefinition'.
  complete: { markr: 'DONE' },
});

export const manifestWithoutFields = definePipeline({
  ...pipeline,
  // expect: Property 'fields' is missing in type
  complete: { manifest: { name: 'manifest.json', format: 'json' } },
});
