import { definePipeline } from 'landfall';
import { pipeline } from '../right-pipeline';

// expect: 'curated' does not exist in type
export const ofCurated = definePipeline({ ...pipeline, areaDatabases: { curated: 'court_cases' } });

// expect: Type 'true' is not assignable to type
export const justTrue = definePipeline({ ...pipeline, areaDatabases: { processed: true } });

export const ofAnotherTable = definePipeline({
  ...pipeline,
  // expect: Type '"case"' is not assignable to type '"cases"'
  areaDatabases: { rawHist: { database: 'court_cases_raw_hist', tables: ['case'] } },
});
