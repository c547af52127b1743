import type { z } from 'zod';
import { column } from '../../src/definition/column';
import { glueType } from '../../src/definition/column-type';
import { json } from '../../src/definition/format';
import { readColumn } from '../../src/definition/read-column';
import { refusalOf, tableOf } from './pipeline-of';

const rulesOf = (schema: z.ZodType) => readColumn('x', schema).rules;

describe('what a schema declares is read', () => {
  test('a plain column', () => {
    expect(readColumn('case_id', column.string())).toEqual({
      name: 'case_id',
      header: 'case_id',
      aliases: [],
      type: { name: 'string' },
      nullable: false,
      nullTexts: [''],
      sensitive: false,
      unique: false,
      description: undefined,
      rules: [],
      refinement: undefined,
    });
  });

  test('options of every column', () => {
    const options = {
      header: 'Case ID',
      description: 'Of the court',
      sensitive: true,
      nullTexts: ['NA', '-'],
    };

    expect(readColumn('case_id', column.int32(options))).toMatchObject(options);
  });

  test.each([
    ['.nullable()', column.string().nullable()],
    ['.nullable() twice', column.string().nullable().nullable()],
    ['.nullable() after checks', column.string().min(0).nullable()],
  ])('%s', (_what, schema) => {
    expect(readColumn('x', schema).nullable).toBe(true);
  });

  test.each([
    ['the option', column.string({ description: 'said' })],
    ['.describe()', column.string().describe('said')],
    ['.describe() before .nullable()', column.string().describe('said').nullable()],
    ['.describe() after .nullable()', column.string().nullable().describe('said')],
    ['.meta()', column.string().meta({ description: 'said' })],
  ])('a description by %s', (_what, schema) => {
    expect(readColumn('x', schema).description).toBe('said');
  });

  test('options survive zod’s own methods', () => {
    const schema = column.string({ header: 'X', sensitive: true }).min(1).max(3).brand<'x'>().nullable();

    expect(readColumn('x', schema)).toMatchObject({ header: 'X', sensitive: true });
  });

  test('lengths', () => {
    expect(rulesOf(column.string().min(2).max(5))).toEqual([
      { rule: 'min-length', length: 2 },
      { rule: 'max-length', length: 5 },
    ]);
    expect(rulesOf(column.string().length(3))).toEqual([
      { rule: 'min-length', length: 3 },
      { rule: 'max-length', length: 3 },
    ]);
  });

  test('a pattern is of the whole text', () => {
    expect(rulesOf(column.string({ pattern: /a|b/i }))).toEqual([{ rule: 'pattern', pattern: /^(?:a|b)$/i }]);
  });

  test.each([/^\d{5}$/, /^(?:a|b)$/, /^[|(]\|$/, /^a\\$/, /^((a|b)c|d){2,}$/i])(
    '.regex(%s) is of the whole text as it is written',
    (pattern) => {
      expect(rulesOf(column.string().regex(pattern))).toEqual([{ rule: 'pattern', pattern }]);
    },
  );

  test('an enum', () => {
    expect(rulesOf(column.oneOf(['crown', 'county']))).toEqual([
      { rule: 'enum', values: ['crown', 'county'] },
    ]);
  });

  test.each([
    ['int8', column.int8(), '-128', '127'],
    ['int16', column.int16(), '-32768', '32767'],
    ['int32', column.int32(), '-2147483648', '2147483647'],
    ['int64', column.int64(), '-9223372036854775808', '9223372036854775807'],
  ])('the range of an %s', (_name, schema, min, max) => {
    expect(rulesOf(schema)).toEqual([
      { rule: 'min', value: min, inclusive: true },
      { rule: 'max', value: max, inclusive: true },
    ]);
  });

  test('bounds, exact and with or without their end', () => {
    expect(rulesOf(column.int64().min(9007199254740993n).lt(9007199254740995n)).slice(2)).toEqual([
      { rule: 'min', value: '9007199254740993', inclusive: true },
      { rule: 'max', value: '9007199254740995', inclusive: false },
    ]);
    expect(rulesOf(column.float64().gt(0.1).max(9))).toEqual([
      { rule: 'min', value: '0.1', inclusive: false },
      { rule: 'max', value: '9', inclusive: true },
    ]);
  });

  test('bounds of decimals, dates and timestamps, as text', () => {
    expect(rulesOf(column.decimal(38, 2, { min: '-0.10', max: '123456789012345678901234567890' }))).toEqual([
      { rule: 'min', value: '-0.10', inclusive: true },
      { rule: 'max', value: '123456789012345678901234567890', inclusive: true },
    ]);
    expect(rulesOf(column.date({ min: '2012-01-01' }))).toEqual([
      { rule: 'min', value: '2012-01-01', inclusive: true },
    ]);
    expect(rulesOf(column.timestamp({ max: '2012-01-01' }))).toEqual([
      { rule: 'max', value: '2012-01-01', inclusive: true },
    ]);
  });

  test('types, with what they need to be read', () => {
    expect(readColumn('x', column.decimal(12, 2)).type).toEqual({ name: 'decimal', precision: 12, scale: 2 });
    expect(readColumn('x', column.date({ format: '%d/%m/%Y' })).type).toEqual({
      name: 'date',
      format: '%d/%m/%Y',
    });
    expect(readColumn('x', column.boolean({ trueTexts: ['Y'] })).type).toEqual({
      name: 'boolean',
      trueTexts: ['Y'],
      falseTexts: ['false', 'False', 'FALSE'],
    });
  });

  test.each([
    ['.refine()', column.string().refine((text) => text !== 'x')],
    ['.multipleOf()', column.int32().multipleOf(5)],
    ['.startsWith()', column.string().startsWith('x')],
    [
      'a rule and .refine()',
      column
        .string()
        .min(1)
        .refine((text) => text !== 'x'),
    ],
  ])('%s is kept as the schema to ask', (_what, schema) => {
    expect(readColumn('x', schema.nullable()).refinement).toBe(schema);
  });
});

describe('arrays and structs', () => {
  const schema = column
    .struct({
      post_code: column.string({ header: 'postCode', sensitive: true }).max(8),
      lines: column.array(column.string().nullable()).min(1).nullable(),
    })
    .nullable();

  test('are read with all that is in them', () => {
    expect(readColumn('address', schema)).toMatchObject({
      name: 'address',
      nullable: true,
      sensitive: true,
      rules: [],
      type: {
        name: 'struct',
        fields: [
          {
            name: 'post_code',
            header: 'postCode',
            sensitive: true,
            rules: [{ rule: 'max-length', length: 8 }],
          },
          {
            name: 'lines',
            nullable: true,
            sensitive: false,
            rules: [{ rule: 'min-length', length: 1 }],
            type: { name: 'array', element: { nullable: true, type: { name: 'string' } } },
          },
        ],
      },
    });
  });

  test('hide all that is in a sensitive one', () => {
    const { type } = readColumn('x', column.array(column.string(), { sensitive: true }));

    expect(type).toMatchObject({ element: { sensitive: true } });
  });

  test('have the types of Glue', () => {
    expect(glueType(readColumn('x', schema).type)).toBe('struct<post_code:string,lines:array<string>>');
    expect(
      [column.binary({ encoding: 'hex' }), column.uint8(), column.uint16(), column.uint32()].map((each) =>
        glueType(readColumn('x', each).type),
      ),
    ).toEqual(['binary', 'smallint', 'int', 'bigint']);
  });

  test('are refused where a table cannot hold them', () => {
    const columns = { id: column.string(), tags: column.array(column.string()) };

    expect(refusalOf(() => tableOf({ columns })).happened).toContain(
      'column "tags" is array<string>, which CSV cannot hold.',
    );
    expect(refusalOf(() => tableOf({ columns, format: json(), primaryKey: ['tags'] })).happened).toContain(
      'primaryKey names "tags", which is array<string> and has no order.',
    );
    expect(
      refusalOf(() => tableOf({ columns, format: json(), curated: { sortBy: ['tags'] } })).happened,
    ).toContain('curated.sortBy names "tags"');
    expect(tableOf({ columns, format: json() }).columns).toHaveLength(2);
  });
});
