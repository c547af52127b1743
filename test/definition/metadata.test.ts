import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { describeType, compileColumn } from '../../src/checks/compile-column';
import { isFault } from '../../src/checks/value-reader';
import { glueType } from '../../src/definition/column-type';
import { definePipeline } from '../../src/definition/define-pipeline';
import { loadPipelines } from '../../src/definition/load-pipelines';
import type { Table } from '../../src/definition/pipeline';
import { readMetadata } from '../../src/definition/read-metadata';
import { tableFromMetadata } from '../../src/definition/table-from-metadata';
import { writeMetadataTable } from '../../src/definition/write-metadata-table';
import { REPOSITORY } from '../support/test-pipeline';
import { AREAS, refusalOf } from './pipeline-of';

const TYPES: Record<string, string> = {
  bool: 'boolean',
  bool_: 'boolean',
  int8: 'tinyint',
  int16: 'smallint',
  int32: 'int',
  int64: 'bigint',
  uint8: 'smallint',
  uint16: 'int',
  uint32: 'bigint',
  float16: 'float',
  float32: 'float',
  float64: 'double',
  'decimal128(9,2)': 'decimal(9,2)',
  'decimal128(38, 0)': 'decimal(38,0)',
  date32: 'date',
  date64: 'date',
  'timestamp(s)': 'timestamp',
  'timestamp(ms)': 'timestamp',
  'timestamp(us)': 'timestamp',
  'timestamp(ns)': 'timestamp',
  string: 'string',
  large_string: 'string',
  utf8: 'string',
  large_utf8: 'string',
};

const EVERY_TYPE = Object.keys(TYPES).map((type, index) => ({ name: `c${index}`, type }));

const RULES = [
  {
    name: 'Case ID',
    type: 'int64',
    nullable: false,
    unique: true,
    minimum: 1,
    maximum: 9_007_199_254_740_991,
  },
  { name: 'code', type: 'string', pattern: '[A-Z]{2}', minLength: 2, maxLength: 3, nullable: false },
  {
    name: 'closed',
    type: 'string',
    pattern: "^(?P<who>[a-z]+)\\'s\\Z",
    description: 'It\'s */ "quoted" \\ `${1}`',
  },
  { name: 'kind', type: 'string', enum: ['a', "b'c", ''], sensitive: true },
  { name: 'level', type: 'int8', enum: [0, 1, 2], nullable: false },
  { name: 'number', type: 'uint32', enum: [1, 4_294_967_295] },
  { name: 'share', type: 'float64', minimum: -0.5, maximum: 1.5, enum: [0.25, 1] },
  { name: 'flag', type: 'bool', enum: [true] },
  { name: 'fee', type: 'decimal128(5,2)', minimum: 0.01, maximum: 99 },
  { name: 'small', type: 'uint8', minimum: 5 },
  { name: 'day', type: 'date32', datetime_format: '%d/%m/%Y' },
  { name: 'at', type: 'timestamp(ms)', nullable: false },
  { name: 'court', type: 'int64', foreign_key: [{ table: 't', columns: ['case_id'] }] },
];
const FULL = {
  $schema: 'x',
  name: 't',
  description: 'All of it',
  file_format: 'csv',
  primary_key: ['Case ID', 'code'],
  columns: [...RULES, ...EVERY_TYPE],
};

const common = { name: 'p', database: 'd', environment: 'e', areas: AREAS };
const throwWarning = (words: string): never => {
  throw new Error(words);
};
const directly = (metadata: object): Table =>
  definePipeline({ ...common, tables: { t: tableFromMetadata(metadata, { onWarning: throwWarning }) } })
    .tables[0] as Table;
const table = (column: object, more: object = {}) => ({
  name: 't',
  columns: [{ name: 'a', ...column }],
  ...more,
});

/** What a column makes of texts, and all that it declares as data. */
const judgements = ({ columns, ...rest }: Table) => ({
  ...rest,
  columns: columns.map((column) => {
    const judge = compileColumn(column);
    const texts = [
      '',
      'AB',
      'ABjunk',
      "ann's",
      "ann's!",
      'a',
      "b'c",
      '0',
      '1',
      '2',
      '3',
      '5',
      '-1',
      '255',
      '256',
    ];
    const more = ['4294967295', '4294967296', '0.25', '0.01', '0.5', '99', '99.5', '70000', 'true', 'false'];
    const dates = [
      '2024-02-29',
      '29/02/2024',
      '2024-02-29 10:00:00',
      '2024-02-29T10:00:00',
      '9007199254740993',
    ];
    const { refinement, ...declared } = column;
    return {
      ...declared,
      refined: refinement !== undefined,
      judged: [...texts, ...more, ...dates].map((text) => {
        const value = judge(text, false);
        return isFault(value) ? `${value.code}: ${value.expected}` : value;
      }),
    };
  }),
});

async function throughTypeScript(
  metadata: object,
): Promise<{ table: Table; typescript: string; errors: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'landfall-test-'));
  try {
    const { typescript, identifier } = writeMetadataTable(readMetadata(metadata));
    writeFileSync(join(folder, 'table.ts'), typescript);
    const pipeline = join(folder, 'pipeline.ts');
    writeFileSync(
      pipeline,
      `import { definePipeline } from 'landfall';\nimport { ${identifier} } from './table';\n` +
        `export default definePipeline({ ...${JSON.stringify(common)}, tables: { t: ${identifier} } });\n`,
    );
    const program = ts.createProgram([pipeline], {
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: [],
      paths: { landfall: [join(REPOSITORY, 'src/index.ts')] },
      typeRoots: [join(REPOSITORY, 'node_modules/@types')],
    });
    const errors = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName.startsWith(folder))
      .flatMap((source) => program.getSemanticDiagnostics(source))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    const [loaded] = await loadPipelines([pipeline]);
    return { table: loaded?.tables[0] as Table, typescript, errors };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Regular expressions of a loaded module are of another realm than those of this test. */
const asText = (value: unknown): string =>
  JSON.stringify(
    value,
    (_key, each: unknown) =>
      Object.prototype.toString.call(each) === '[object RegExp]' ? String(each) : each,
    1,
  );

describe('a table from mojap-metadata', () => {
  test.each(Object.entries(TYPES))('%s is %s in Glue', (type, glue) => {
    const [column] = directly(table({ type })).columns;
    expect(column && glueType(column.type)).toBe(glue);
    expect(column?.nullable).toBe(true);
  });

  test('as TypeScript compiles under strict, and means what the direct use means', async () => {
    const { table: written, typescript, errors } = await throughTypeScript(FULL);
    expect(errors).toEqual([]);
    expect(asText(judgements(written))).toBe(asText(judgements(directly(FULL))));
    expect(typescript).toContain(
      '// data_linter lets text follow what its pattern matches; here the whole text must match.',
    );
    expect(typescript.match(/data_linter/g)).toHaveLength(1);
    expect(typescript).toContain(
      "foreignKeys: [\n    { columns: ['court'], references: { table: 't', columns: ['case_id'] }, in: 'either' },",
    );
  });

  test('keeps every rule', () => {
    const { columns, ...rest } = judgements(directly(FULL));
    const of = (name: string) => columns.find((column) => column.name === name);
    const passed = (name: string) =>
      of(name)?.judged.filter((value) => value !== null && !/^[a-z-]+: /.test(value));
    expect(rest).toMatchObject({
      description: 'All of it',
      format: { name: 'csv' },
      primaryKey: ['case_id', 'code'],
    });
    expect(of('case_id')).toMatchObject({ header: 'Case ID', unique: true, nullable: false });
    expect(passed('code')).toEqual(['AB']);
    expect(passed('closed')).toEqual(["ann's"]);
    expect(passed('kind')).toEqual(['a', "b'c"]);
    expect(passed('level')).toEqual(['0', '1', '2']);
    expect(passed('number')).toEqual(['1', '4294967295']);
    expect(passed('flag')).toEqual(['true']);
    expect(passed('fee')).toEqual(['1.00', '2.00', '3.00', '5.00', '0.25', '0.01', '0.50', '99.00']);
    expect(passed('small')).toEqual(['5', '255', '99']);
    expect(passed('day')).toEqual(['2024-02-29']);
    expect(of('at')?.judged).toContain('2024-02-29 10:00:00.000000');
    expect(passed('c6')).toEqual(['0', '1', '2', '3', '5', '255', '99']);
    expect(passed('c8')).not.toContain('4294967296');
    expect(of('kind')?.sensitive).toBe(true);
    expect(describeType({ name: 'string' })).toBe('text');
  });

  test.each(['uint64', 'null', 'time32(s)', 'time64(us)', 'map_<string,int64>'])(
    '%s is refused, naming the column',
    (type) => {
      expect(refusalOf(() => directly(table({ type })))).toEqual({
        type: 'DefinitionError',
        happened: `Table "t" of the metadata: column "a" has the type ${type}, which has no counterpart in Glue.`,
        next: 'Give it another type, or leave the column out of the metadata.',
      });
    },
  );

  test.each<[string, object, string]>([
    [
      'an unknown type',
      table({ type: 'varchar' }),
      'column "a" has the type varchar, which is none of mojap-metadata’s',
    ],
    ['an inherited word', table({ type: 'constructor' }), 'which is none of mojap-metadata’s'],
    ['no type', table({ type_category: 'integer' }), 'column "a" has no type but the type_category integer'],
    [
      'a pattern of Python alone',
      table({ type: 'string', pattern: '(?i)a' }),
      'has the pattern (?i)a, which is no regular expression in JavaScript',
    ],
    [
      'a bound with places',
      table({ type: 'int8', minimum: 0.5 }),
      'has the minimum 0.5, which no int8 is, or not exactly',
    ],
    [
      'a bound beyond exact numbers',
      table({ type: 'int64', maximum: 2 ** 60 }),
      'has the maximum 1152921504606847000',
    ],
    [
      'an enum of another type',
      table({ type: 'int8', enum: ['1'] }),
      'has the enum value "1", which is no int8',
    ],
    [
      'an enum that the pattern refuses',
      table({ type: 'string', enum: ['x'], pattern: 'y' }),
      'of which its other rules refuse every value',
    ],
    [
      'an enum of dates',
      table({ type: 'date32', enum: ['2024-01-01'] }),
      'has an enum, which a date cannot have here',
    ],
    ['a key of no column', table({ type: 'int8' }, { primary_key: ['b'] }), 'primary_key names "b"'],
    ['a partition of no column', table({ type: 'int8' }, { partitions: ['b'] }), 'partitions names "b"'],
    [
      'a format',
      table({ type: 'int8' }, { file_format: 'orc' }),
      'has the file_format "orc", which Landfall does not read',
    ],
    [
      'two columns of one name',
      {
        name: 't',
        columns: [
          { name: 'A', type: 'int8' },
          { name: 'a', type: 'int8' },
        ],
      },
      'the columns "A" and "a", which are both "a" in Glue',
    ],
    [
      'a name that Glue has not',
      { name: 't', columns: [{ name: '1st', type: 'int8' }] },
      '"1st" can be no name in Glue',
    ],
    ['no columns', { name: 't' }, 'The metadata is no mojap-metadata table: columns'],
    ['text', 'table' as unknown as object, 'The metadata is no mojap-metadata table'],
  ])('%s is refused', (_what, metadata, words) => {
    expect(refusalOf(() => directly(metadata))).toMatchObject({
      type: 'DefinitionError',
      happened: expect.stringContaining(words) as string,
    });
  });

  test.each<[string, object, string]>([
    [
      'an unknown key of the table',
      table({ type: 'int8' }, { owner: 'x' }),
      'the key "owner" is not one of mojap-metadata\'s',
    ],
    [
      'an unknown key of a column',
      table({ type: 'int8', nulable: false }),
      'column "a": the key "nulable" is not one',
    ],
    ['a database', table({ type: 'int8' }, { database_name: 'x' }), 'database_name is left out'],
    [
      'a partition column',
      {
        name: 't',
        partitions: ['b'],
        columns: [
          { name: 'a', type: 'int8' },
          { name: 'b', type: 'int8' },
        ],
      },
      'partition column "b" is left out',
    ],
    [
      'a pattern of a number',
      table({ type: 'int8', pattern: 'x' }),
      'pattern is left out: it is for text, not for int8',
    ],
    ['a length of a number', table({ type: 'int8', minLength: 1 }), 'minLength is left out'],
    ['a minimum of text', table({ type: 'string', minimum: 1 }), 'minimum is left out'],
    ['a format of a number', table({ type: 'int8', datetime_format: '%Y' }), 'datetime_format is left out'],
    ['a standard name', table({ type: 'int8', alias: 'nomis_id' }), 'alias "nomis_id" is left out'],
    [
      'a key into another database',
      table({ type: 'int8', foreign_key: [{ table: 'db.t', columns: ['x'] }] }),
      'its foreign key to "db.t" (x) is left out',
    ],
    ['JSON', table({ type: 'int8' }, { file_format: 'json' }), 'is taken as JSON lines'],
    ['a sensitive table', table({ type: 'int8' }, { sensitive: true }), 'all of them are taken to be'],
  ])('%s is told, never dropped in silence', (_what, metadata, words) => {
    const told: string[] = [];
    tableFromMetadata(metadata, { onWarning: (each) => told.push(each) });
    expect(told).toEqual([expect.stringContaining(words)]);
    expect(readMetadata(metadata).warnings).toHaveLength(1);
  });
});
