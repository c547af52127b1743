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
    // expect: 'rawhist' does not exist in type 'AreaDefinitions'.
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
    // expect: Type 'boolean' is not assignable to type 'string | AreaDefinition
    raw: true,
    processed: 'l-processed',
    curated: 'l-curated',
    log: 'l-log',
  },
  tables,
});

const areas = { land: 'l-land', processed: 'l-processed', curated: 'l-curated', log: 'l-log' };

export const lockedForAMonth = definePipeline({
  ...names,
  areas: {
    ...areas,
    // expect: Type '"FOREVER"' is not assignable to type 'LockMode'.
    rawHist: { bucket: 'l-raw-hist', objectLock: { mode: 'FOREVER', days: 30 } },
  },
  tables,
});

export const lockedWhereThingsAreDeleted = definePipeline({
  ...names,
  areas: {
    ...areas,
    rawHist: 'l-raw-hist',
    // expect: 'legalHold' does not exist in type 'AreaDefinition'.
    raw: { bucket: 'l-raw', legalHold: true },
  },
  tables,
});

export const keyWithoutAName = definePipeline({
  ...names,
  areas: {
    ...areas,
    // expect: 'key' does not exist in type 'KmsEncryption'.
    rawHist: { bucket: 'l-raw-hist', encryption: { key: 'alias/landfall' } },
  },
  tables,
});

export const landIsTheSuppliers = definePipeline({
  ...names,
  areas: {
    ...areas,
    // expect: Type '{ bucket: string; }' is not assignable to type 'string'.
    land: { bucket: 'l-land' },
    rawHist: 'l-raw-hist',
  },
  tables,
});

export const waitsForUnknown = definePipeline({
  ...names,
  areas: { ...areas, rawHist: 'l-raw-hist' },
  // expect: 'atMost' does not exist in type 'CompletenessDefinition'.
  complete: { quietSeconds: 60, atMost: 600 },
  tables,
});
