import { column } from '../../src/definition/column';
import { csv, json, jsonLines, parquet } from '../../src/definition/format';
import { AREAS, pipelineOf, refusalOf, tableOf } from './pipeline-of';

const WITHOUT_WORDS = { columns: { id: column.string() }, apply: () => undefined };

describe('defaults', () => {
  test('folders are the specification’s: my_database in my-database-data, my_table in my-table-data', () => {
    const pipeline = pipelineOf({});

    expect(pipeline).toMatchObject({
      kind: 'landfall-pipeline',
      folder: 'my-database-data',
      curatedFolder: 'my-database',
      versionColumn: 'etl_version',
      sourceFileColumn: 'source_file',
      areas: AREAS,
    });
    expect(pipeline.tables).toMatchObject([{ name: 'my_table', folder: 'my-table-data' }]);
  });

  test('a table is CSV, required, of any number of files and of at least one row, neither keyed nor sorted', () => {
    expect(tableOf({})).toMatchObject({
      files: { name: undefined, required: true, min: 1, max: Number.MAX_SAFE_INTEGER },
      format: csv(),
      rows: { min: 1, max: Number.MAX_SAFE_INTEGER },
      primaryKey: [],
      sortBy: [],
      transform: undefined,
    });
  });

  test('what is written is kept', () => {
    expect(
      pipelineOf({ folder: 'elsewhere', versionColumn: 'image_tag', areas: { ...AREAS, raw: 'mojap-raw' } }),
    ).toMatchObject({
      folder: 'elsewhere',
      curatedFolder: 'my-database',
      versionColumn: 'image_tag',
      areas: { raw: 'mojap-raw' },
    });
    expect(
      tableOf({
        folder: 'own',
        files: { required: false, min: 2, max: 3 },
        rows: { min: 0 },
        primaryKey: ['id'],
      }),
    ).toMatchObject({
      folder: 'own',
      files: { required: false, min: 2, max: 3 },
      rows: { min: 0 },
      primaryKey: ['id'],
    });
  });

  test('a pipeline without a raw area has no such key', () => {
    expect(Object.keys(pipelineOf({}).areas)).not.toContain('raw');
  });

  test('a pattern of file names matches whole names, and remembers nothing from one name to the next', () => {
    const { name } = tableOf({ files: { name: /cases|hearings/gi } }).files;

    expect(name).toEqual(/^(?:cases|hearings)$/i);
  });

  test('a transform keeps the number of rows unless it says otherwise, and its columns are the processed ones', () => {
    const kept = tableOf({ transform: WITHOUT_WORDS });
    const changed = tableOf({
      transform: { ...WITHOUT_WORDS, rows: 'changed' },
      curated: { sortBy: ['id'] },
    });

    expect(kept.transform?.rows).toBe('kept');
    expect(kept.columns.map(({ name }) => name)).toEqual(['id', 'day']);
    expect(kept.processedColumns.map(({ name }) => name)).toEqual(['id']);
    expect(changed.transform?.rows).toBe('changed');
    expect(changed.sortBy).toEqual(['id']);
  });

  test('processed is kept, unless a table says delta', () => {
    expect(tableOf({}).mode).toBe('rebuild');
    expect(tableOf({ mode: 'delta' }).mode).toBe('delta');
    const { type, happened } = refusalOf(() => tableOf({ mode: 'append' }));
    expect(type).toBe('DefinitionError');
    expect(happened).toMatch(/tables\.my_table\.mode.*"rebuild"\|"delta"/s);
  });

  test('without a transform the landed columns are the processed ones', () => {
    const { columns, processedColumns } = tableOf({});

    expect(processedColumns).toEqual(columns);
  });

  test('formats are what their makers say, with strict defaults', () => {
    const limits = { unpackedBytes: 64 * 1024 ** 3, ratio: 250, rowCharacters: 16 * 1024 * 1024, depth: 32 };
    expect(csv()).toEqual({
      name: 'csv',
      delimiter: ',',
      quote: '"',
      escape: 'doubled',
      header: true,
      skipLines: 0,
      blankLines: 'refused',
      encoding: 'utf-8',
      lineEnd: 'lf-or-crlf',
      limits,
    });
    expect(csv({ delimiter: ';', quote: null, limits: { ratio: 9 } })).toMatchObject({
      delimiter: ';',
      quote: null,
      limits: { ...limits, ratio: 9 },
    });
    expect([jsonLines(), json(), parquet()]).toEqual([
      { name: 'json-lines', blankLines: 'refused', limits },
      { name: 'json', limits },
      { name: 'parquet', limits },
    ]);
  });
});

const UNKNOWN = 'which Landfall does not know';

describe('refusals', () => {
  test.each([
    ['the pipeline', () => pipelineOf({ foldr: 'x' }), `the pipeline has "foldr", ${UNKNOWN}`],
    ['areas', () => pipelineOf({ areas: { ...AREAS, rawhist: 'x-y' } }), `areas has "rawhist", ${UNKNOWN}`],
    ['a table', () => tableOf({ primarykey: [] }), `tables.my_table has "primarykey", ${UNKNOWN}`],
    [
      'files',
      () => tableOf({ files: { requried: true } }),
      `tables.my_table.files has "requried", ${UNKNOWN}`,
    ],
    ['rows', () => tableOf({ rows: { least: 1 } }), `tables.my_table.rows has "least", ${UNKNOWN}`],
    ['curated', () => tableOf({ curated: { sort: [] } }), `tables.my_table.curated has "sort", ${UNKNOWN}`],
    [
      'a format',
      () => tableOf({ format: csv({ seperator: ';' } as never) }),
      `tables.my_table.format has "seperator", ${UNKNOWN}`,
    ],
    [
      'a transform',
      () => tableOf({ transform: { ...WITHOUT_WORDS, mode: 'x' } }),
      `tables.my_table.transform has "mode", ${UNKNOWN}`,
    ],
  ])('an unknown key in %s is named', (_where, call, words) => {
    expect(refusalOf(call)).toEqual({
      type: 'DefinitionError',
      happened: `The pipeline "my-pipeline" cannot be used: ${words}.`,
      next: expect.stringContaining('Correct the definition') as string,
    });
  });

  test('all that is wrong is said at once', () => {
    const { happened } = refusalOf(() =>
      pipelineOf(
        { environment: '_hidden', colour: 'red' },
        { files: { min: -1, glob: '*' }, format: { name: 'xml' } },
      ),
    );

    expect(happened.split(';').map((each) => each.trim())).toEqual([
      expect.stringContaining('environment must be letters') as string,
      expect.stringContaining('tables.my_table.files.min') as string,
      expect.stringContaining(`tables.my_table.files has "glob", ${UNKNOWN}`) as string,
      expect.stringContaining("Expected 'csv' | 'fixed-width' | 'json-lines' | 'json' | 'parquet'") as string,
      expect.stringContaining(`the pipeline has "colour", ${UNKNOWN}`) as string,
    ]);
  });

  test.each([
    ['name', { name: 'My Pipeline' }, 'name must be lower case letters, digits and hyphens'],
    [
      'database',
      { database: 'my-database' },
      'database must be lower case letters, digits and underscores, as Glue has it',
    ],
    ['environment', { environment: '.hidden' }, 'environment must be letters, digits'],
    ['folder of two', { folder: 'a/b' }, 'folder must be letters, digits'],
    ['folder upwards', { folder: '..' }, 'folder must be letters, digits'],
    [
      'bucket',
      { areas: { ...AREAS, land: 's3://mojap-land' } },
      'areas.land must be the name of an S3 bucket, without s3://',
    ],
    ['shared bucket', { areas: { ...AREAS, land: AREAS.log } }, 'areas must have a bucket of its own each'],
    ['version column', { versionColumn: 'Image Tag' }, 'versionColumn must be lower case letters'],
    [
      'version column that is taken',
      { versionColumn: 'file_land_timestamp' },
      'versionColumn must be another column than file_land_timestamp',
    ],
    ['no table', { tables: {} }, 'tables must have at least one table'],
    [
      'table name',
      { tables: { 'My Table': { columns: { id: column.string() } } } },
      'tables.My Table must be lower case letters, digits and underscores, as Glue has it',
    ],
  ])('of a pipeline: %s', (_what, changes, words) => {
    expect(refusalOf(() => pipelineOf(changes)).happened).toContain(words);
  });

  test.each([
    [
      'column name',
      { columns: { 'Case ID': column.string() } },
      'columns.Case ID must be lower case letters',
    ],
    ['no column', { columns: {} }, 'columns must have at least one column'],
    ['column that is none', { columns: { id: 'string' } }, 'columns.id must be a column'],
    ['files by glob', { files: { name: '*.csv' } }, 'files.name must be a regular expression'],
    [
      'fewer files than none',
      { files: { min: 4, max: 3 } },
      'files must have a max that is not below its min',
    ],
    [
      'rows below the default',
      { rows: { max: 0 } },
      'rows must have a max that is not below its min (1, where it is not given)',
    ],
    ['half a row', { rows: { min: 0.5 } }, 'rows.min'],
    ['two delimiters', { format: csv({ delimiter: '||' }) }, 'format.delimiter'],
    ['a line end for a quote', { format: csv({ quote: '\n' }) }, 'format.quote must be one character'],
    [
      'one character for two things',
      { format: csv({ delimiter: '"' }) },
      'format must have a delimiter, a quote, a comment and an escape that differ',
    ],
    [
      'a trailer without a count',
      { format: csv({ trailer: { pattern: /T,\d+/ } }) },
      'format.trailer.pattern must have a group for the number of rows',
    ],
    ['an unknown bound', { format: json({ limits: { deepth: 3 } as never }) }, 'format.limits has "deepth"'],
    ['empty primary key', { primaryKey: [] }, 'primaryKey'],
    [
      'transform without function',
      { transform: { columns: { id: column.string() } } },
      'transform must have either apply, a function of frames, or row',
    ],
  ])('of a table: %s', (_what, changes, words) => {
    const { type, happened } = refusalOf(() => tableOf(changes));

    expect(type).toBe('DefinitionError');
    expect(happened).toContain(`tables.my_table.${words}`);
  });

  test('a pipeline that is missing everything is told every key it needs', () => {
    const { happened } = refusalOf(() =>
      pipelineOf({ name: undefined, database: undefined, areas: undefined }),
    );

    expect(happened).toMatch(/^The pipeline cannot be used: name .+; database .+; areas .+\.$/);
  });

  test.each([
    ['primaryKey', { primaryKey: ['id', 'dya'] }],
    ['curated.sortBy', { curated: { sortBy: ['dya'] } }],
  ])('%s that names no column lists those there are', (key, changes) => {
    expect(refusalOf(() => tableOf(changes))).toEqual({
      type: 'DefinitionError',
      happened: `Pipeline "my-pipeline", table "my_table": ${key} names "dya", which is not one of its columns.`,
      next: 'Name one of: id, day.',
    });
  });

  test('a sort column must have survived the transform', () => {
    expect(refusalOf(() => tableOf({ transform: WITHOUT_WORDS, curated: { sortBy: ['day'] } })).next).toBe(
      'Name one of: id.',
    );
  });

  test('two columns of one header', () => {
    const columns = { id: column.string({ header: 'ID' }), other: column.string({ header: 'ID' }) };

    expect(refusalOf(() => tableOf({ columns })).happened).toBe(
      'Pipeline "my-pipeline", table "my_table": column "other" has the header "ID", which another column has already.',
    );
  });

  test.each(['etl_version', 'source_file', 'file_land_timestamp'])(
    'the column %s is Landfall’s to add',
    (name) => {
      expect(refusalOf(() => tableOf({ columns: { [name]: column.string() } }))).toEqual({
        type: 'DefinitionError',
        happened: `Pipeline "my-pipeline", table "my_table": the column "${name}" is one that Landfall adds.`,
        next: 'Rename the column (header keeps its name in the landed file), or choose another versionColumn or sourceFileColumn.',
      });
    },
  );

  test('a landed column may have the name of an added one, when the transform leaves it out', () => {
    const { columns } = tableOf({ columns: { etl_version: column.string() }, transform: WITHOUT_WORDS });

    expect(columns.map(({ name }) => name)).toEqual(['etl_version']);
  });
});
