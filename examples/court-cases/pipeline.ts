import { column, csv, definePipeline, table } from 'landfall';

export default definePipeline({
  name: 'court-cases',
  database: 'court_cases',
  environment: 'production-environment',
  areas: {
    land: 'mojap-land',
    rawHist: 'mojap-raw-hist',
    raw: 'mojap-raw', // optional: leave it out and transforms read raw-hist
    processed: 'mojap-processed',
    curated: 'mojap-curated',
    log: 'mojap-log', // manifests and reports
  },
  tables: {
    cases: table({
      description: 'One case a row',
      format: csv({ delimiter: '|' }),
      files: { name: /cases.*\.csv/, max: 10 },
      columns: {
        case_id: column.string({ pattern: /[A-Z]{2}\d{6}/ }),
        court: column.oneOf(['crown', 'county', 'magistrates']),
        received: column.date({ header: 'Date Received', format: '%d/%m/%Y', min: '2000-01-01' }),
        fee: column.decimal(8, 2, { min: '0' }).nullable(),
        defendant: column.string({ nullTexts: ['', 'N/A'], sensitive: true }).nullable(),
      },
      primaryKey: ['case_id'],
      rows: { min: 1, max: 1_000_000 },
      transform: {
        columns: {
          case_id: column.string(),
          court: column.string(),
          received: column.date(),
          received_year: column.int32(),
          fee: column.decimal(8, 2).nullable(),
        },
        apply: ({ frame, columns }) =>
          frame.select(
            columns.case_id,
            columns.court,
            columns.received,
            columns.received.dt.year().alias('received_year'),
            columns.fee,
          ),
      },
      curated: { sortBy: ['court', 'received'] },
    }),
  },
});
