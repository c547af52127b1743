import { column, csv, definePipeline, table } from 'landfall';

const OFFENCES = ['theft', 'fraud', 'assault', 'burglary', 'speeding'] as const;

// Each measured chain has a pipeline of its own, so that none finds what another has processed.
const name = process.env['BENCH_PIPELINE'] ?? 'bench-cases';

/** What the peers' scripts load: rows of ten columns. */
export default definePipeline({
  name,
  database: name.replaceAll('-', '_'),
  environment: 'prod',
  // The peers write none.
  sourceFileColumn: false,
  areas: {
    land: 'land',
    rawHist: 'raw-hist',
    processed: 'processed',
    curated: 'curated',
    log: 'log',
  },
  tables: {
    cases: table({
      format: csv(),
      files: { name: /cases(-\d+)?\.csv/ },
      columns: {
        case_id: column.int64(),
        court_code: column.string({ pattern: /\d{4}/ }),
        defendant_ref: column.string({ pattern: /D\d{8}/ }),
        offence: column.oneOf(OFFENCES),
        plea: column.oneOf(['guilty', 'not guilty']).nullable(),
        amount: column.decimal(12, 2, { min: '0' }),
        hearing_date: column.date({ min: '2000-01-01' }),
        created_at: column.timestamp({ format: '%Y-%m-%dT%H:%M:%S' }),
        is_youth: column.boolean(),
        notes: column.string(),
      },
      primaryKey: ['case_id'],
    }),
  },
});
