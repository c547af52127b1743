import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { compileColumn } from '../../src/checks/compile-column';
import { compileJsonColumn } from '../../src/checks/compile-json-column';
import { isFault } from '../../src/checks/value-reader';
import { glueType } from '../../src/definition/column-type';
import { definePipeline } from '../../src/definition/define-pipeline';
import { loadPipelines } from '../../src/definition/load-pipelines';
import type { Table } from '../../src/definition/pipeline';
import { readMetadata } from '../../src/definition/read-metadata';
import type { Column } from '../../src/definition/read-column';
import { tableFromMetadata } from '../../src/definition/table-from-metadata';
import { writeMetadataTable } from '../../src/definition/write-metadata-table';
import { parseJsonValue } from '../../src/engine/parse-json-record';
import { REPOSITORY } from '../support/test-pipeline';
import { AREAS } from './pipeline-of';

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

const NESTED_TYPES: Record<string, string> = {
  binary: 'binary',
  large_binary: 'binary',
  'list<int64>': 'array<bigint>',
  'list_<decimal128(9,2)>': 'array<decimal(9,2)>',
  'large_list<list<uint8>>': 'array<array<smallint>>',
  'struct<a:int64, B c:string>': 'struct<a:bigint,b_c:string>',
  'struct<at:timestamp(ms),in:list<struct<d:decimal128(38, 0),x:date32>>>':
    'struct<at:timestamp,in:array<struct<d:decimal(38,0),x:date>>>',
};
const NESTED = {
  name: 't',
  file_format: 'snappy.parquet',
  columns: Object.keys(NESTED_TYPES).map((type, index) => ({
    name: `N${index}`,
    type,
    sensitive: index > 4,
  })),
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

  test.each(Object.entries(NESTED_TYPES))('%s of a Parquet file is %s in Glue', (type, glue) => {
    const { columns, format } = directly(table({ type }, { file_format: 'parquet' }));
    expect(columns.map((column) => [glueType(column.type), column.nullable])).toEqual([[glue, true]]);
    expect(format.name).toBe('parquet');
  });

  test('what is inside keeps its name in the file, its bounds and its date format, and may be null', () => {
    const [column] = directly(
      table({ type: 'list<struct<Small N:uint8,day:date32>>' }, { file_format: 'jsonl' }),
    ).columns;
    const judge = compileJsonColumn(column as Column);
    const told: string[] = [];
    const read = (json: string): string | null | undefined =>
      judge(parseJsonValue(json), (fault, { name }) => told.push(`${name} ${fault.code}`));
    expect(read('[{"Small N":255,"day":"2024-02-29"},null,{"Small N":null,"day":null}]')).toBe(
      '[{"small_n":255,"day":"2024-02-29"},null,{"small_n":null,"day":null}]',
    );
    expect(read('[{"Small N":256,"day":"29/02/2024"},{"small_n":1}]')).toBeUndefined();
    expect(told).toEqual(['a[].small_n max', 'a[].day type', 'a[].small_n unknown-column']);
  });

  test('of lists and structs compiles too, and means the same', async () => {
    const { table: written, typescript, errors } = await throughTypeScript(NESTED);
    expect(errors).toEqual([]);
    expect(asText(written)).toBe(asText(directly(NESTED)));
    expect(typescript).toContain("import { column, parquet, table } from 'landfall';");
    expect(typescript).toContain("n2: column.array(column.int64().nullable(), { header: 'N2' }).nullable(),");
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
  });
});
