import { z } from 'zod';
import { column } from '../../src/definition/column';
import { readColumn } from '../../src/definition/read-column';
import { refusalOf } from './pipeline-of';

const rulesOf = (schema: z.ZodType) => readColumn('x', schema).rules;

describe('what a schema declares is read', () => {
  test('a plain column', () => {
    expect(readColumn('case_id', column.string())).toEqual({
      name: 'case_id',
      header: 'case_id',
      type: { name: 'string' },
      nullable: false,
      nullTexts: [''],
      sensitive: false,
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

describe('what Landfall cannot hold is refused', () => {
  test.each([
    ['number', z.number()],
    ['optional', column.string().optional()],
    ['default', column.string().default('x')],
    ['pipe', column.string().transform((text) => text.trim())],
    ['array', column.string().array()],
    ['union', column.string().or(column.int8())],
  ])('a zod %s', (type, schema) => {
    expect(refusalOf(() => readColumn('case_id', schema))).toEqual({
      type: 'DefinitionError',
      happened: `Column "case_id" is a zod ${type}, which says nothing of the type it has in Athena.`,
      next: expect.stringMatching(/^Begin it with a column builder/) as string,
    });
  });

  test.each([/abc/, /^abc/, /abc$/, /^a|b$/, /^a\$/, /^(a)|(b)$/, /^abc$/m])(
    '.regex(%s), which is not of the whole text',
    (pattern) => {
      expect(refusalOf(() => readColumn('x', column.string().regex(pattern)))).toEqual({
        type: 'DefinitionError',
        happened: `Column "x" has the pattern ${String(pattern)}, which also matches text with more before or after it.`,
        next: expect.stringContaining('column.string({ pattern })') as string,
      });
    },
  );

  test('a pattern of lines, which would let other lines through', () => {
    expect(refusalOf(() => readColumn('x', column.string({ pattern: /a/m }))).next).toContain(
      'without the flag m',
    );
  });

  test('a check after .nullable(), which would be lost', () => {
    const schema = column
      .string()
      .nullable()
      .refine((text) => text !== 'x');

    expect(refusalOf(() => readColumn('x', schema))).toEqual({
      type: 'DefinitionError',
      happened: 'Column "x" has a check after .nullable(), which would be asked of nulls too.',
      next: 'Put .nullable() last.',
    });
  });

  test.each([
    ['decimal', column.decimal(5, 2).min(3)],
    ['date', column.date().max(3)],
    ['timestamp', column.timestamp().regex(/^a$/)],
  ])('rules for text on a %s', (type, schema) => {
    const { happened, next } = refusalOf(() => readColumn('x', schema));

    expect(happened).toContain(`Column "x" is a ${type}, which has no length or pattern`);
    expect(next).toContain(`column.${type}(…, { min, max })`);
  });

  test.each([
    [0, 0],
    [39, 2],
    [5, 6],
    [5, -1],
    [5.5, 2],
  ])('decimal(%p, %p)', (precision, scale) => {
    expect(refusalOf(() => column.decimal(precision, scale))).toEqual({
      type: 'DefinitionError',
      happened: `decimal(${precision}, ${scale}) is not a type that Athena has.`,
      next: 'Give a precision from 1 to 38 and a scale from 0 to the precision.',
    });
  });

  test.each([
    ['date', '%Y-%m-%d %H', '%H', () => column.date({ format: '%Y-%m-%d %H' })],
    ['date', '%Q', '%Q', () => column.date({ format: '%Q' })],
    ['timestamp', '%Y-%z', '%z', () => column.timestamp({ format: '%Y-%z' })],
    ['timestamp', '%Y-%', '%', () => column.timestamp({ format: '%Y-%' })],
  ])('the %s format %s', (kind, format, unknown, call) => {
    const { happened, next } = refusalOf(call);

    expect(happened).toBe(
      `The ${kind} format "${format}" has "${unknown}", which is not known for a ${kind}.`,
    );
    expect(next).toMatch(/^Use %Y .+ and plain text\.$/);
  });

  test('an option that is not one of its type', () => {
    const misspelt = { heading: 'Case ID' } as object;

    expect(refusalOf(() => column.int64(misspelt))).toEqual({
      type: 'DefinitionError',
      happened: 'A column of type int64 has the option "heading", which Landfall does not know for it.',
      next: expect.stringContaining('header, description, sensitive, nullTexts') as string,
    });
  });
});
