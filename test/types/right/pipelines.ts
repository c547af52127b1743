import {
  column,
  columnsOf,
  csv,
  definePipeline,
  json,
  jsonLines,
  table,
  type Columns,
  type Pipeline,
} from 'landfall';

const areas = {
  land: 'l-land',
  rawHist: 'l-raw-hist',
  processed: 'l-processed',
  curated: 'l-curated',
  log: 'l-log',
};

/** Every key that there is, used as it is meant. */
export const everything: Pipeline = definePipeline({
  name: 'court-cases',
  description: 'Cases, hearings and judges',
  database: 'court_cases',
  environment: 'production-environment',
  folder: 'court-cases-data',
  areas: {
    ...areas,
    raw: 'l-raw',
    rawHist: {
      bucket: 'l-raw-hist',
      encryption: { kmsKey: 'alias/landfall', bucketKey: true },
      objectLock: { mode: 'COMPLIANCE', days: 365 },
      legalHold: true,
    },
    log: { bucket: 'l-log', encryption: { kmsKey: 'alias/landfall' } },
  },
  versionColumn: 'image_tag',
  readerCheck: { database: 'court_cases_checking', workgroup: 'etl', output: 's3://l-answers/athena/' },
  complete: {
    tables: true,
    quietSeconds: 60,
    atMostSeconds: 600,
    manifest: { name: /manifest.*/, format: 'json', list: 'files', fields: { file: 'name', rows: 'count' } },
  },
  tables: {
    initials: table({
      columns: { id: column.int64(), name: column.string() },
      transform: {
        columns: { id: column.int64(), full_name: column.string() },
        apply: ({ frame, columns }) => frame.select(columns.id, columns.name.alias('full_name')),
      },
      curated: {
        transform: {
          columns: { id: column.int64(), initial: column.string() },
          apply: async ({ frame, columns, added, context }) =>
            frame
              .select(columns.id, columns.full_name.str.slice(0, 1).alias('initial'), ...added)
              .collect({ noOptimization: context.version === context.table }),
        },
        sortBy: ['initial'],
      },
    }),
    dumps: table({
      columns: { id: column.int64(), note: column.string().nullable() },
      primaryKey: ['id'],
      format: {
        endings: ['.dat', '.dmp'],
        limits: { rowCharacters: 1000 },
        parse: async function* (bytes, { pipeline, table: name, file, row, reject }) {
          for await (const chunk of bytes) {
            yield row({ id: String(chunk.length), note: null }, { line: 1 });
            yield row(new Map([['id', `${pipeline}${name}${file}`]]));
            yield reject('cut off', { line: 2, raw: '…' });
          }
        },
      },
    }),
    cases: table({
      description: 'One case a row',
      folder: 'all-cases-data',
      files: { name: /cases-\d+\.csv/, required: false, min: 1, max: 12, minBytes: 1, maxBytes: 1e9 },
      delivery: { rows: { min: 1 }, bytes: { max: 1e9 } },
      history: { last: 5, atLeast: 2, rows: { deviations: 4 }, bytes: { minShare: 0.5, maxShare: 2 } },
      format: csv({ delimiter: ';', quote: "'" }),
      columns: {
        case_id: column.int64({ header: 'Case ID' }).min(1n),
        court: column.oneOf(['crown', 'county'], { sensitive: true }),
        open: column.boolean({ trueTexts: ['Y'], falseTexts: ['N'] }).nullable(),
        fee: column.decimal(12, 2, { min: '0', max: '9999.99', nullTexts: ['', 'NA'] }).nullable(),
        heard_on: column.date({ format: '%d/%m/%Y', min: '1970-01-01', max: '2099-12-31' }),
        updated: column.timestamp({ description: 'Without zone' }),
        ward: column.string({ pattern: /[A-Z]\d{2}/ }).max(3),
        share: column.float32().min(0).max(1),
        weight: column.float64(),
        tiny: column.int8(),
        small: column.int16().min(0),
        judge: column.string({ unique: true, alias: ['Judge', 'Recorder'] }).nullable(),
        plain: column.int32().refine((value) => value % 2 === 0),
      },
      header: { order: 'declared', case: 'ignore', missing: 'null', extra: 'ignore' },
      primaryKey: ['case_id', 'heard_on'],
      foreignKeys: [
        { columns: ['judge'], references: { table: 'judges', columns: ['id'] }, in: 'delivery' },
        { columns: ['case_id'], references: { table: 'cases', columns: ['case_id'] }, in: 'published' },
        {
          columns: ['judge', 'ward'],
          references: { table: 'judges', columns: ['id', 'name'] },
          in: 'either',
        },
      ],
      rows: { min: 0, max: 1_000_000 },
      transform: {
        columns: { case_id: column.int64(), court_name: column.string() },
        rows: 'changed',
        apply: ({ frame, columns, pl, context }) =>
          frame
            .filter(columns.open)
            .select(columns.case_id, pl.lit(context.version).alias('court_name'), columns['court']),
      },
      curated: {
        partitionBy: ['court_name'],
        sortBy: ['case_id'],
        compression: 'gzip',
        rowGroupRows: 50_000,
        maxSourceBytes: 256 * 1024 ** 2,
      },
    }),
    hearings: table({
      format: jsonLines(),
      columns: {
        id: column.string(),
        photo: column.binary({ encoding: 'hex' }).nullable(),
        seats: column.uint16(),
        judge: column.struct({ full_name: column.string({ header: 'fullName' }) }),
        fees: column.array(column.decimal(8, 2, { min: '0' })).max(10),
      },
      rowChecks: [
        {
          name: 'no fees without a judge',
          columns: ['judge', 'fees'],
          check: ({ judge, fees }) => judge.full_name !== '' || fees.length === 0,
          message: 'a judge wherever there are fees',
        },
      ],
      curated: {},
    }),
    judges: table({
      format: json(),
      columns: { id: column.string(), name: column.oneOf(['a', 'b']) },
      primaryKey: [],
    }),
  },
});

/** Columns that are made, not written: there is nothing that the compiler could know of their names. */
const sectors: Columns = {
  month: column.date(),
  ...Object.fromEntries(['mining', 'logging'].map((name) => [name, column.int32()])),
};

export const madeColumns = table({
  columns: sectors,
  primaryKey: ['month'],
  curated: { sortBy: ['mining'] },
});

/** Made of a list of names that the compiler can see. */
export const wide = table({
  columns: { month: column.date(), ...columnsOf(['mining', 'logging'], column.int32()) },
  primaryKey: ['month', 'mining'],
  curated: { sortBy: ['logging'] },
});

const cases = { case_id: column.int64(), name: column.string().nullable(), fee: column.decimal(8, 2) };

/** Frames may be collected, and may come later. */
export const collected = table({
  columns: cases,
  transform: {
    columns: cases,
    apply: async ({ frame, context }) => {
      const collected = await frame.collect();
      context.log.info({ rows: collected.height }, 'collected');
      return collected;
    },
  },
});

export const collectedAtOnce = table({
  columns: cases,
  transform: { columns: cases, apply: ({ frame }) => frame.collectSync() },
});

/** A function of rows: what goes in and what comes out is typed by the columns. */
export const rowByRow = table({
  columns: cases,
  transform: {
    columns: { case_id: column.int64(), court: column.oneOf(['crown', 'county']) },
    row: ({ case_id, name, fee }, { count, version }) => {
      if (name === null) count('without_name');
      if (fee.startsWith('0') || version === '') count('free', 2);
      return { case_id: case_id + 1n, court: 'crown' };
    },
  },
  curated: { sortBy: ['court'] },
});

export const manyOrNone = table({
  columns: cases,
  transform: {
    columns: cases,
    rows: 'changed',
    row: (row, { log }) => {
      if (row.name === null) return undefined;
      log.warn({ file: 'x' }, 'twice');
      return row.case_id > 5n ? [row, { ...row, name: null }] : row;
    },
  },
});

/** One row a key. */
export const upserted = table({
  columns: { ...cases, gone: column.boolean() },
  primaryKey: ['case_id'],
  curated: { upsert: { deletedWhere: 'gone' }, sortBy: ['gone'] },
});
export const upsertedAlways = table({
  columns: { code: column.string() },
  transform: {
    columns: { code: column.string(), gone: column.boolean() },
    row: ({ code }) => ({ code, gone: code === 'D' }),
  },
  primaryKey: ['code'],
  curated: { upsert: { deletedWhere: 'gone' } },
});
