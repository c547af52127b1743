import { inspect } from 'node:util';
import { column } from '../../src/definition/column';
import { compileColumn } from '../../src/checks/compile-column';
import { readColumn } from '../../src/definition/read-column';
import { judge, judgeAll } from './judge';

describe('a string', () => {
  it('stays as it is: 007, NA, None, 1e5 and spaces are text', () => {
    const texts = ['007', 'NA', 'null', 'None', '1e5', ' padded ', 'true', '🎉'];
    expect(judgeAll(column.string(), texts)).toEqual(Object.fromEntries(texts.map((text) => [text, text])));
  });

  it('is null only where an unquoted text means null', () => {
    const schema = column.string({ nullTexts: ['', 'NA'] }).nullable();
    expect(judge(schema, '')).toBeNull();
    expect(judge(schema, 'NA')).toBeNull();
    expect(judge(schema, 'na')).toBe('na');
    expect(judge(schema, '', true)).toBe('');
    expect(judge(schema, 'NA', true)).toBe('NA');
  });

  it('may not be null without being nullable', () => {
    expect(judge(column.string(), '')).toBe('(null)');
    expect(judge(column.string(), '', true)).toBe('');
    expect(judge(column.string({ nullTexts: [] }), '')).toBe('');
  });

  it('matches a pattern as a whole: ABjunk is not [A-Z]{2}', () => {
    const schema = column.string({ pattern: /[A-Z]{2}/ });
    expect(judgeAll(schema, ['AB', 'ABjunk', 'xAB', 'AB\n', 'A'])).toEqual({
      AB: 'AB',
      ABjunk: '(pattern)',
      xAB: '(pattern)',
      'AB\n': '(pattern)',
      A: '(pattern)',
    });
  });

  it('is judged by a pattern with the flag g as if each value were the first', () => {
    const schema = column.string({ pattern: /a+/g });
    const read = compileColumn(readColumn('c', schema));
    expect([read('aa', false), read('aa', false), judge(schema, 'ab')]).toEqual(['aa', 'aa', '(pattern)']);
  });

  it('is one of the given texts, exactly', () => {
    const schema = column.oneOf(['guilty', 'not guilty']);
    expect(judgeAll(schema, ['guilty', 'Guilty', 'guilty '])).toEqual({
      guilty: 'guilty',
      Guilty: '(enum)',
      'guilty ': '(enum)',
    });
  });

  it('has its length counted in code points', () => {
    const schema = column.string().min(2).max(3);
    expect(judgeAll(schema, ['🎉', '🎉🎉', '🎉🎉🎉', '🎉🎉🎉🎉', 'a', 'abcd'])).toEqual({
      '🎉': '(min-length)',
      '🎉🎉': '🎉🎉',
      '🎉🎉🎉': '🎉🎉🎉',
      '🎉🎉🎉🎉': '(max-length)',
      a: '(min-length)',
      abcd: '(max-length)',
    });
  });
});

describe('an integer', () => {
  it('is plainly one, or refused', () => {
    expect(
      judgeAll(column.int32(), [
        '0',
        '-1',
        '42',
        '007',
        '+7',
        '7.0',
        ' 7',
        '7 ',
        '1e3',
        '0x1F',
        '-',
        '٣',
        '1_000',
      ]),
    ).toEqual({
      '0': '0',
      '-1': '-1',
      '42': '42',
      '007': '(type)',
      '+7': '(type)',
      '7.0': '(type)',
      ' 7': '(type)',
      '7 ': '(type)',
      '1e3': '(type)',
      '0x1F': '(type)',
      '-': '(type)',
      '٣': '(type)',
      '1_000': '(type)',
    });
    expect(judge(column.int8(), '-0')).toBe('0');
  });

  it.each([
    ['int8', column.int8(), '127', '128', '-128', '-129'],
    ['int16', column.int16(), '32767', '32768', '-32768', '-32769'],
    ['int32', column.int32(), '2147483647', '2147483648', '-2147483648', '-2147483649'],
    [
      'int64',
      column.int64(),
      '9223372036854775807',
      '9223372036854775808',
      '-9223372036854775808',
      '-9223372036854775809',
    ],
  ])('of %s has just the range of its bits', (_name, schema, largest, above, smallest, below) => {
    expect(judgeAll(schema, [largest, above, smallest, below, '99999999999999999999999'])).toEqual({
      [largest]: largest,
      [above]: '(type)',
      [smallest]: smallest,
      [below]: '(type)',
      '99999999999999999999999': '(type)',
    });
  });

  it('beyond 2^53 keeps all its digits, also against a bound', () => {
    const schema = column.int64().max(9007199254740993n);
    expect(judge(schema, '9007199254740993')).toBe('9007199254740993');
    expect(judge(schema, '9007199254740994')).toBe('(max)');
  });
});

describe('a decimal', () => {
  it('fits its precision and scale, or is refused; nothing is rounded', () => {
    const schema = column.decimal(4, 2);
    expect(
      judgeAll(schema, [
        '12.34',
        '99.99',
        '123456.789',
        '100',
        '1.5',
        '-0.00',
        '1.234',
        '1.230',
        '.5',
        '5.',
        '01.50',
        '1e1',
        '-',
      ]),
    ).toEqual({
      '12.34': '12.34',
      '99.99': '99.99',
      '123456.789': '(type)',
      '100': '(type)',
      '1.5': '1.50',
      '-0.00': '0.00',
      '1.234': '(type)',
      '1.230': '(type)',
      '.5': '(type)',
      '5.': '(type)',
      '01.50': '(type)',
      '1e1': '(type)',
      '-': '(type)',
    });
    expect(judge(column.decimal(2, 2), '0.12')).toBe('0.12');
    expect(judge(column.decimal(3, 0), '-100')).toBe('-100');
  });

  it('is compared with its bounds digit by digit', () => {
    const schema = column.decimal(38, 2, { min: '-0.01', max: '999999999999999999999999999999999999.98' });
    expect(judge(schema, '999999999999999999999999999999999999.98')).toBe(
      '999999999999999999999999999999999999.98',
    );
    expect(judge(schema, '999999999999999999999999999999999999.99')).toBe('(max)');
    expect(judge(schema, '-0.01')).toBe('-0.01');
    expect(judge(schema, '-0.02')).toBe('(min)');
  });
});

describe('a float', () => {
  it('is decimal or exponent notation, finite', () => {
    expect(
      judgeAll(column.float64(), [
        '1.5',
        '-0',
        '1E5',
        '1e-7',
        '5e-324',
        '1e309',
        'NaN',
        'inf',
        'Infinity',
        '0x10',
        '1.',
        '.5',
        '1e',
        '0.1',
      ]),
    ).toEqual({
      '1.5': '1.5',
      '-0': '-0.0',
      '1E5': '100000',
      '1e-7': '1e-7',
      '5e-324': '5e-324',
      '1e309': '(type)',
      NaN: '(type)',
      inf: '(type)',
      Infinity: '(type)',
      '0x10': '(type)',
      '1.': '(type)',
      '.5': '(type)',
      '1e': '(type)',
      '0.1': '0.1',
    });
  });

  it('of 32 bits overflows earlier and is written as short as 32 bits allow', () => {
    expect(judgeAll(column.float32(), ['0.1', '3.4028235e38', '3.5e38', '16777217'])).toEqual({
      '0.1': '0.1',
      '3.4028235e38': '3.4028235e+38',
      '3.5e38': '(type)',
      '16777217': '16777216',
    });
  });
});

describe('a boolean', () => {
  it('is one of its texts: banana is none', () => {
    expect(
      judgeAll(column.boolean().nullable(), ['true', 'FALSE', 'True', 'banana', 'yes', '1', '']),
    ).toEqual({
      true: 'true',
      FALSE: 'false',
      True: 'true',
      banana: '(type)',
      yes: '(type)',
      '1': '(type)',
      '': null,
    });
    expect(judge(column.boolean({ trueTexts: ['Y'], falseTexts: ['N'] }), 'true')).toBe('(type)');
  });
});

describe('a quoted empty text', () => {
  it('is null in a column that is no string, where the empty text means null', () => {
    expect(judge(column.int32().nullable(), '', true)).toBeNull();
    expect(judge(column.int32(), '', true)).toBe('(null)');
    expect(judge(column.int32({ nullTexts: ['NA'] }).nullable(), '', true)).toBe('(type)');
    expect(judge(column.int32({ nullTexts: ['NA'] }).nullable(), 'NA', true)).toBe('(type)');
  });
});

describe('a refinement', () => {
  it('sees the value as TypeScript does, after the rules', () => {
    const even = column.int64().refine((value) => value % 2n === 0n, 'must be even');
    expect(judgeAll(even, ['9007199254740994', '9007199254740993', 'x'])).toEqual({
      '9007199254740994': '9007199254740994',
      '9007199254740993': '(refinement)',
      x: '(type)',
    });
  });

  it("that throws is the definition's fault and says so without a sensitive value", () => {
    const broken = column.string({ sensitive: true }).refine((value) => {
      throw new Error(`cannot judge ${value}`);
    });
    expect(() => judge(broken, 'secret')).toThrow(/refinement of column "c" failed instead of judging/);
    expect(() => judge(broken, 'secret')).not.toThrow(/secret/);
  });

  it('of a sensitive column keeps its message back, which may hold the value', () => {
    const telling = column
      .string({ sensitive: true })
      .refine(() => false, { error: ({ input }) => `no ${String(input)}` });
    const fault = compileColumn(readColumn('c', telling))('secret', false);
    expect(fault).toMatchObject({ code: 'refinement' });
    expect(JSON.stringify(fault)).not.toContain('secret');
  });

  it('of a sensitive column that throws leaves no cause with the value behind', () => {
    const broken = column.string({ sensitive: true }).refine((value) => {
      throw new Error(`cannot judge ${value}`);
    });
    let failure: unknown;
    try {
      judge(broken, 'secret');
    } catch (error) {
      failure = error;
    }
    expect(inspect(failure)).toContain('DefinitionError');
    expect(inspect(failure)).not.toContain('secret');
  });

  it('that changes the value is refused as soon as it shows, since a check never transforms', () => {
    const changing = column.string().superRefine((_value, context) => {
      context.value = 'other';
    });
    expect(() => judge(changing, 'x')).toThrow(/changes values/);
  });
});
