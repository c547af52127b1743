import type { z } from 'zod';
import { column } from '../../src/definition/column';
import { readColumn } from '../../src/definition/read-column';
import { refusalOf } from './pipeline-of';

const rulesOf = (schema: z.ZodType) => readColumn('x', schema).rules;

describe('a column that contradicts itself is refused', () => {
  test.each([
    ['decimal(4, 2)', column.decimal(4, 2, { min: 'abc' }), 'min "abc"'],
    ['decimal(4, 2)', column.decimal(4, 2, { max: '123.4' }), 'max "123.4"'],
    ['decimal(4, 2)', column.decimal(4, 2, { min: '0.123' }), 'min "0.123"'],
    ['decimal(4, 2)', column.decimal(4, 2, { min: '1e1' }), 'min "1e1"'],
    ['date', column.date({ min: '01/02/2024' }), 'min "01/02/2024"'],
    ['date', column.date({ max: '2023-02-29' }), 'max "2023-02-29"'],
    ['date', column.date({ max: '0000-01-01' }), 'max "0000-01-01"'],
    ['date', column.date({ max: '2024-01-01T00:00:00' }), 'max "2024-01-01T00:00:00"'],
    ['timestamp', column.timestamp({ min: '2024-01-01T24:00:00' }), 'min "2024-01-01T24:00:00"'],
    ['timestamp', column.timestamp({ min: '2024-01-01T00:00:00Z' }), 'min "2024-01-01T00:00:00Z"'],
    ['timestamp', column.timestamp({ max: '2024-02-30' }), 'max "2024-02-30"'],
    ['int32', column.int32().min(0.5), 'min "0.5"'],
    ['float64', column.float64().max(Infinity), 'max "Infinity"'],
  ])('a bound that is no value of a %s', (type, schema, bound) => {
    const { happened } = refusalOf(() => readColumn('x', schema));

    expect(happened).toBe(`Column "x" has the ${bound}, which is no value of a ${type}.`);
  });

  test.each([
    ['an integer', column.int32().min(5).max(4)],
    ['an integer beyond its type', column.int8().min(200)],
    ['an int64', column.int64().gt(9007199254740993n).lt(9007199254740993n)],
    ['a float', column.float64().gt(1).max(1)],
    ['a decimal', column.decimal(38, 2, { min: '-0.10', max: '-0.11' })],
    ['a date', column.date({ min: '2024-01-02', max: '2024-01-01' })],
    ['a timestamp', column.timestamp({ min: '2024-01-01T00:00:00.000001', max: '2024-01-01' })],
    ['a length', column.string().min(3).max(2)],
    ['an array', column.array(column.string()).min(2).length(1)],
  ])('%s with its min above its max', (_what, schema) => {
    expect(refusalOf(() => readColumn('x', schema)).happened).toMatch(/^Column "x" can have no value: its /);
  });

  test('bounds that leave one value are none of these', () => {
    expect(rulesOf(column.decimal(4, 2, { min: '1.5', max: '1.50' }))).toHaveLength(2);
    expect(rulesOf(column.timestamp({ min: '2024-01-01', max: '2024-01-01 00:00:00.0' }))).toHaveLength(2);
  });

  test.each([
    ['nullTexts has "NA" more than once.', () => column.string({ nullTexts: ['NA', '', 'NA'] })],
    ['nullTexts is not a list of texts.', () => column.string({ nullTexts: 'NA' as never })],
    ['trueTexts has "Y" more than once.', () => column.boolean({ trueTexts: ['Y', 'Y'] })],
    [
      'A column.boolean() has "Y" among both its trueTexts and its falseTexts.',
      () => column.boolean({ trueTexts: ['Y'], falseTexts: ['N', 'Y'] }),
    ],
    ['column.oneOf(…) has "a" more than once.', () => column.oneOf(['a', 'a'])],
    [
      'Column "x" has "NA" among its nullTexts and among its values.',
      () => readColumn('x', column.oneOf(['NA', 'b'], { nullTexts: ['', 'NA'] })),
    ],
    [
      'Column "x" has "0" among its nullTexts and among its values.',
      () => readColumn('x', column.boolean({ trueTexts: ['1'], falseTexts: ['0'], nullTexts: ['0'] })),
    ],
    [
      'Column "x" has "" among its nullTexts and among its values.',
      () => readColumn('x', column.boolean({ trueTexts: ['1'], falseTexts: [''] })),
    ],
  ])('texts that cannot be meant: %s', (happened, call) => {
    expect(refusalOf(call)).toMatchObject({ type: 'DefinitionError', happened });
  });
});
