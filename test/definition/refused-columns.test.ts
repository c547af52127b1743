import { z } from 'zod';
import { column } from '../../src/definition/column';
import { readColumn } from '../../src/definition/read-column';
import { refusalOf } from './pipeline-of';

describe('what Landfall cannot hold is refused', () => {
  test.each([
    ['number', z.number(), /^Begin it with a column builder/],
    ['optional', column.string().optional(), /^Write \.nullable\(\)/],
    ['optional', column.string().nullish(), /^Write \.nullable\(\)/],
    ['nonoptional', column.string().optional().nonoptional(), /^Leave \.optional\(\) and/],
    ['default', column.string().default('x'), /^Leave \.default\(\) out/],
    ['default', column.string().default('x').nullable(), /^Leave \.default\(\) out/],
    ['prefault', column.string().prefault('x'), /^Leave \.prefault\(\) out/],
    ['catch', column.string().catch('x'), /^Leave \.catch\(\) out/],
    ['readonly', column.string().readonly(), /^Leave \.readonly\(\) out/],
    ['pipe', column.string().transform((text) => text.trim()), /change them in the table's transform/],
    ['pipe', z.preprocess((text) => text, column.string()), /change them in the table's transform/],
    ['pipe', column.string().pipe(z.string()), /change them in the table's transform/],
    ['array', column.string().array(), /^Write column\.array/],
    ['object', z.object({ a: column.string() }), /^Write column\.struct/],
    ['object', column.struct({ a: column.string() }).partial(), /^Write column\.struct/],
    ['object', column.struct({ a: column.string() }).loose(), /^Write column\.struct/],
    ['union', column.string().or(column.int8()), /^Choose one type/],
    ['lazy', z.lazy(() => column.string()), /^Write the column itself/],
  ])('a zod %s', (type, schema, next) => {
    expect(refusalOf(() => readColumn('case_id', schema))).toEqual({
      type: 'DefinitionError',
      happened: `Column "case_id" is a zod ${type}, which says nothing of the type it has in Athena.`,
      next: expect.stringMatching(next) as string,
    });
  });

  test('a zod that coerces', () => {
    expect(refusalOf(() => readColumn('x', z.coerce.string())).happened).toBe(
      'Column "x" is a coercing zod string, which would change values.',
    );
  });

  test.each([
    ['.trim()', column.string().trim()],
    ['.toLowerCase()', column.string().toLowerCase()],
    [
      '.toUpperCase(), after other rules and before .nullable()',
      column.string().min(1).toUpperCase().nullable(),
    ],
    ['.normalize()', column.string().normalize()],
    ['.overwrite()', column.int32().overwrite((value) => value + 1)],
    ['a normalizing check', column.string().check(z.url({ normalize: true }))],
    ['an element', column.array(column.string().trim())],
    ['a field', column.struct({ a: column.string().trim() })],
  ])('%s, which changes values', (_what, schema) => {
    const { type, happened, next } = refusalOf(() => readColumn('x', schema));

    expect(type).toBe('DefinitionError');
    expect(happened).toMatch(/^Column "x(\[\]|\.a)?" changes values/);
    expect(next).toContain("change them in the table's transform");
  });

  test('no null texts are allowed', () => {
    expect(readColumn('x', column.string({ nullTexts: [] })).nullTexts).toEqual([]);
  });

  test.each([
    ['nullTexts', column.array(column.int8({ nullTexts: ['NA'] })), 'x[]'],
    ['nullTexts', column.struct({ a: column.array(column.int8({ nullTexts: [] })) }), 'x.a[]'],
    ['header', column.array(column.int8({ header: 'y' })), 'x[]'],
  ])('%s inside an array or a struct', (option, schema, path) => {
    expect(refusalOf(() => readColumn('x', schema)).happened).toBe(
      `Column "${path}" is inside an array or a struct, where ${option} means nothing.`,
    );
  });

  test('bytes inside an array or a struct', () => {
    const schema = column.struct({ a: column.binary({ encoding: 'hex' }) });

    expect(refusalOf(() => readColumn('x', schema)).happened).toBe(
      'Column "x.a" is binary, which Landfall cannot write inside an array or a struct.',
    );
  });

  test.each([
    ['A column.struct() has no fields.', () => column.struct({})],
    ['A column.struct() has a field "postCode".', () => column.struct({ postCode: column.string() })],
    [
      'Column "x.b" has the header "k", which another field has already.',
      () =>
        readColumn('x', column.struct({ a: column.int8({ header: 'k' }), b: column.int8({ header: 'k' }) })),
    ],
    [
      'A column of type array has the option "nullTexts", which Landfall does not know for it.',
      () => column.array(column.int8(), { nullTexts: [] } as never),
    ],
    ['A column.binary() does not say how its bytes are written.', () => column.binary({} as never)],
  ])('%s', (happened, call) => {
    expect(refusalOf(call)).toMatchObject({ type: 'DefinitionError', happened });
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
    ['decimal', column.array(column.decimal(5, 2).length(3))],
  ])('rules for text on a %s', (type, schema) => {
    const { happened, next } = refusalOf(() => readColumn('x', schema));

    expect(happened).toMatch(new RegExp(`^Column "x(\\[\\])?" is a ${type}, which has no length or pattern`));
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
    ['timestamp', '%Y-%', '%', () => column.timestamp({ format: '%Y-%' })],
  ])('the %s format %s', (kind, format, unknown, call) => {
    const { happened, next } = refusalOf(call);

    expect(happened).toBe(
      `The ${kind} format "${format}" has "${unknown}", which is not known for a ${kind}.`,
    );
    expect(next).toMatch(/^Use %Y .+ and plain text\.$/);
  });

  test.each([
    ['%Y-%m-%dT%H:%M:%S%:z', 'Write %z, which takes +01:00, +0100 and Z'],
    ['%Y-%m-%d %H:%M:%S %Z', 'make the timestamp, in the zone you mean, in the transform'],
  ])('the zone in %s, which would be guessed', (format, advice) => {
    const { happened, next } = refusalOf(() => column.timestamp({ format }));

    expect(happened).toMatch(/^The timestamp format ".*" has "%(:z|Z)", which is not known/);
    expect(next).toContain(advice);
  });

  test.each(['%Y-%m-%d%z', '%s'])('the zone or epoch of a day, %s', (format) => {
    expect(refusalOf(() => column.date({ format })).next).toContain('column.timestamp(), which is');
  });

  test.each(['%s%z', '%Y-%m-%d %s', '%s%f', '%s %s', '%f%s', '%s%.f%f', '%s:%M'])(
    'an epoch beside other parts, %s',
    (format) => {
      expect(refusalOf(() => column.timestamp({ format })).happened).toContain('has %s beside other parts');
    },
  );

  test.each(['%Y-%m', '%d/%m', '%Y-%m-%d %d', '%Y-%m-%d %I:%M', '%H:%M'])(
    'the format %s, which leaves the date open',
    (format) => {
      expect(refusalOf(() => column.timestamp({ format })).happened).toContain('does not say one date');
    },
  );

  test('an option that is not one of its type', () => {
    const misspelt = { heading: 'Case ID' } as object;

    expect(refusalOf(() => column.int64(misspelt))).toEqual({
      type: 'DefinitionError',
      happened: 'A column of type int64 has the option "heading", which Landfall does not know for it.',
      next: expect.stringContaining('header, description, sensitive, nullTexts') as string,
    });
  });
});
