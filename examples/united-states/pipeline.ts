import { column, columnsOf, csv, definePipeline, table } from 'landfall';

const STATE = column.string({ pattern: /[A-Z]{2}/ });
const SECTORS = [
  'nonfarm',
  'private',
  'goods_producing',
  'service_providing',
  'private_service_providing',
  'mining_and_logging',
  'construction',
  'manufacturing',
  'durable_goods',
  'nondurable_goods',
  'trade_transportation_utilties',
  'wholesale_trade',
  'retail_trade',
  'transportation_and_warehousing',
  'utilities',
  'information',
  'financial_activities',
  'professional_and_business_services',
  'education_and_health_services',
  'leisure_and_hospitality',
  'other_services',
  'government',
] as const;
const SECTOR_COLUMNS = columnsOf(SECTORS, column.decimal(8, 1));
const WEATHER = ['drizzle', 'fog', 'rain', 'snow', 'sun'] as const;

/** Open data of the United States, as it is published: with nulls written as NA, leading zeros and spaces in headers. */
export default definePipeline({
  name: 'united-states',
  description: 'Open data of the United States',
  database: 'united_states',
  environment: 'production-environment',
  areas: {
    land: 'mojap-land',
    rawHist: 'mojap-raw-hist',
    raw: 'mojap-raw',
    processed: 'mojap-processed',
    curated: 'mojap-curated',
    log: 'mojap-log',
  },
  tables: {
    airports: table({
      description: 'Airports, by the code that airlines know them by',
      files: { required: false },
      columns: {
        iata: column.string({ pattern: /[A-Z0-9]{3,4}/, description: 'IATA code; keeps its zeros' }),
        name: column.string(),
        city: column.string({ nullTexts: ['NA'] }).nullable(),
        state: column.string({ pattern: /[A-Z]{2}/, nullTexts: ['NA'] }).nullable(),
        country: column.string(),
        latitude: column.decimal(10, 8, { min: '-90', max: '90' }),
        longitude: column.decimal(11, 8, { min: '-180', max: '180' }),
      },
      primaryKey: ['iata'],
      rows: { min: 1000, max: 100_000 },
    }),

    zipcodes: table({
      description: 'Postal codes and where they are',
      files: { required: false },
      columns: {
        zip_code: column.string({ pattern: /\d{5}/, description: 'Five digits; 00501 is not 501' }),
        latitude: column.decimal(8, 6),
        longitude: column.decimal(9, 6),
        city: column.string(),
        state: STATE,
        county: column.string(),
      },
      primaryKey: ['zip_code'],
      curated: { sortBy: ['state', 'zip_code'] },
    }),

    birdstrikes: table({
      description: 'Reported collisions of aircraft with wildlife',
      files: { required: false },
      format: csv(),
      columns: {
        airport: column.string({ header: 'Airport Name' }),
        aircraft: column.string({ header: 'Aircraft Make Model' }),
        damage: column.oneOf(['None', 'Minor', 'Medium', 'Substantial', 'B', 'C'], {
          header: 'Effect Amount of damage',
        }),
        flight_date: column.date({ header: 'Flight Date' }),
        operator: column.string({ header: 'Aircraft Airline Operator' }),
        origin_state: column.string({ header: 'Origin State' }),
        phase: column.string({ header: 'Phase of flight' }),
        wildlife_size: column.oneOf(['Small', 'Medium', 'Large'], { header: 'Wildlife Size' }),
        species: column.string({ header: 'Wildlife Species' }),
        time_of_day: column.oneOf(['Dawn', 'Day', 'Dusk', 'Night'], { header: 'Time of day' }),
        cost_other: column.int64({ header: 'Cost Other' }),
        cost_repair: column.int64({ header: 'Cost Repair' }),
        cost_total: column.int64({ header: 'Cost Total $' }),
        speed_knots: column.int16({ header: 'Speed IAS in knots' }).min(0).nullable(),
      },
    }),

    seattle_weather: table({
      description: 'One day of weather a row',
      files: { name: /weather-\d{4}\.csv/, min: 1, max: 12 },
      columns: {
        date: column.date({ min: '2012-01-01' }),
        precipitation: column.decimal(5, 1, { min: '0' }),
        temp_max: column.decimal(4, 1),
        temp_min: column.decimal(4, 1),
        wind: column.decimal(4, 1, { min: '0' }),
        weather: column.oneOf(WEATHER),
      },
      primaryKey: ['date'],
      rows: { min: 300, max: 366 },
      curated: { sortBy: ['date'] },
    }),

    us_employment: table({
      description: 'Thousands of jobs, one sector and month a row',
      files: { required: false },
      columns: { month: column.date(), ...SECTOR_COLUMNS, nonfarm_change: column.int32() },
      primaryKey: ['month'],
      // It lands with a column a sector, which is hard to query; 120 months become 120 × 22 rows.
      transform: {
        columns: {
          month: column.date(),
          sector: column.oneOf(SECTORS),
          thousand_jobs: column.decimal(8, 1).nullable(),
        },
        rows: 'changed',
        apply: ({ frame }) =>
          frame.unpivot(['month'], [...SECTORS], { variableName: 'sector', valueName: 'thousand_jobs' }),
      },
      curated: { sortBy: ['sector', 'month'] },
    }),
  },
});
