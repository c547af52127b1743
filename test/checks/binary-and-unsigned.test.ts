import { column } from '../../src/definition/column';
import { judge, judgeAll } from './judge';

describe('bytes', () => {
  it('are read as base64 with its padding and nothing else, or as pairs of hexadecimal digits', () => {
    expect(
      judgeAll(column.binary({ encoding: 'base64' }), [
        'AAH/',
        'aGVsbG8=',
        'aGVsbG8',
        'aGVsbG9=',
        'AA H',
        'AA-_',
        '====',
      ]),
    ).toEqual({
      'AAH/': 'AAH/',
      'aGVsbG8=': 'aGVsbG8=',
      aGVsbG8: '(type)',
      'aGVsbG9=': '(type)',
      'AA H': '(type)',
      'AA-_': '(type)',
      '====': '(type)',
    });
    expect(judgeAll(column.binary({ encoding: 'hex' }), ['0001fF', '000', '0x00', 'gg'])).toEqual({
      '0001fF': 'AAH/',
      '000': '(type)',
      '0x00': '(type)',
      gg: '(type)',
    });
  });

  it('none at all are a value where they stand in quotes', () => {
    const schema = column.binary({ encoding: 'hex' }).nullable();
    expect([judge(schema, '', true), judge(schema, '')]).toEqual(['', null]);
  });
});

describe('unsigned integers', () => {
  it.each([
    ['uint8', column.uint8(), '255', '256'],
    ['uint16', column.uint16(), '65535', '65536'],
    ['uint32', column.uint32(), '4294967295', '4294967296'],
  ])('%s', (_name, schema, largest, tooLarge) => {
    expect(judgeAll(schema, ['0', largest, tooLarge, '-1', '-0'])).toEqual({
      '0': '0',
      [largest]: largest,
      [tooLarge]: '(max)',
      '-1': '(min)',
      '-0': '0',
    });
  });
});
