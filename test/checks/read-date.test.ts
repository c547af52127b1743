import { column } from '../../src/definition/column';
import { judge, judgeAll } from './judge';

const dates = (format: string, texts: string[]) => judgeAll(column.date({ format }), texts);
const timestamps = (format: string, texts: string[]) => judgeAll(column.timestamp({ format }), texts);

describe('a date', () => {
  it('in ISO 8601 is written in full and exists', () => {
    expect(
      judgeAll(column.date(), [
        '2024-02-29',
        '2023-02-29',
        '1900-02-29',
        '2000-02-29',
        '2024-2-9',
        '02/01/2024',
        '2024-13-01',
        '2024-04-31',
        '0000-01-01',
        '2024-01-01T00:00:00',
        '2024-01-01 ',
      ]),
    ).toEqual({
      '2024-02-29': '2024-02-29',
      '2023-02-29': '(type)',
      '1900-02-29': '(type)',
      '2000-02-29': '2000-02-29',
      '2024-2-9': '(type)',
      '02/01/2024': '(type)',
      '2024-13-01': '(type)',
      '2024-04-31': '(type)',
      '0000-01-01': '(type)',
      '2024-01-01T00:00:00': '(type)',
      '2024-01-01 ': '(type)',
    });
  });

  it('follows its format, and the whole text must', () => {
    expect(
      dates('%d/%m/%Y', ['31/12/2024', '1/2/2024', '12/31/2024', '31/12/2024 ', 'x31/12/2024', '31-12-2024']),
    ).toEqual({
      '31/12/2024': '2024-12-31',
      '1/2/2024': '2024-02-01',
      '12/31/2024': '(type)',
      '31/12/2024 ': '(type)',
      'x31/12/2024': '(type)',
      '31-12-2024': '(type)',
    });
    expect(dates('%e %B %Y', [' 1 march 2024', '12 March 2024'])).toEqual({
      ' 1 march 2024': '2024-03-01',
      '12 March 2024': '2024-03-12',
    });
    expect(dates('%d-%b-%y', ['01-JAN-68', '01-Jan-69', '01-Jam-69'])).toEqual({
      '01-JAN-68': '2068-01-01',
      '01-Jan-69': '1969-01-01',
      '01-Jam-69': '(type)',
    });
    expect(dates('%Y.%j', ['2024.366', '2023.366', '2024.60', '2024.000'])).toEqual({
      '2024.366': '2024-12-31',
      '2023.366': '(type)',
      '2024.60': '2024-02-29',
      '2024.000': '(type)',
    });
  });

  it('without anything between its numbers has them in full, since they could be read in two ways', () => {
    expect(dates('%Y%m%d', ['20240111', '2024111', '202411'])).toEqual({
      '20240111': '2024-01-11',
      '2024111': '(type)',
      '202411': '(type)',
    });
  });

  it('whose format leaves the day open is refused with the definition', () => {
    expect(() => judge(column.date({ format: '%Y-%m' }), '2024-01')).toThrow(/does not say one date/);
    expect(() => judge(column.timestamp({ format: '%Y-%m-%d %I:%M' }), '')).toThrow(
      /does not say one date and time/,
    );
  });

  it('is held to its bounds', () => {
    expect(
      judgeAll(column.date({ format: '%d/%m/%Y', min: '2024-01-02', max: '2024-12-31' }), [
        '01/01/2024',
        '02/01/2024',
        '01/01/2025',
      ]),
    ).toEqual({
      '01/01/2024': '(min)',
      '02/01/2024': '2024-01-02',
      '01/01/2025': '(max)',
    });
    expect(() => judge(column.date({ min: '31/12/2024' }), '')).toThrow(
      /has the min "31\/12\/2024", which is no value of a date/,
    );
  });
});

describe('a timestamp', () => {
  it('keeps microseconds, and is refused with more or with a zone', () => {
    expect(
      judgeAll(column.timestamp(), [
        '2024-01-01T10:20:30',
        '2024-01-01T10:20:30.5',
        '2024-01-01T10:20:30.123456',
        '2024-01-01T10:20:30.123456000',
        '2024-01-01T10:20:30.1234567',
        '2024-01-01T10:20:30Z',
        '2024-01-01T10:20:30+01:00',
        '2024-01-01 10:20:30',
        '2024-01-01T24:00:00',
        '2024-01-01T10:20:60',
        '2024-01-01T10:20:30.',
        '2024-01-01T10:20',
      ]),
    ).toEqual({
      '2024-01-01T10:20:30': '2024-01-01 10:20:30.000000',
      '2024-01-01T10:20:30.5': '2024-01-01 10:20:30.500000',
      '2024-01-01T10:20:30.123456': '2024-01-01 10:20:30.123456',
      '2024-01-01T10:20:30.123456000': '2024-01-01 10:20:30.123456',
      '2024-01-01T10:20:30.1234567': '(type)',
      '2024-01-01T10:20:30Z': '(type)',
      '2024-01-01T10:20:30+01:00': '(type)',
      '2024-01-01 10:20:30': '(type)',
      '2024-01-01T24:00:00': '(type)',
      '2024-01-01T10:20:60': '(type)',
      '2024-01-01T10:20:30.': '(type)',
      '2024-01-01T10:20': '(type)',
    });
  });

  it('follows its format', () => {
    expect(timestamps('%m/%d/%y %H:%M', ['1/8/90 0:00', '12/31/24 23:59', '12/31/24 24:00'])).toEqual({
      '1/8/90 0:00': '1990-01-08 00:00:00.000000',
      '12/31/24 23:59': '2024-12-31 23:59:00.000000',
      '12/31/24 24:00': '(type)',
    });
    expect(
      timestamps('%d/%m/%Y %I:%M:%S %p', [
        '01/02/2024 12:00:00 AM',
        '01/02/2024 12:00:00 pm',
        '01/02/2024 01:00:00 PM',
        '01/02/2024 13:00:00 PM',
      ]),
    ).toEqual({
      '01/02/2024 12:00:00 AM': '2024-02-01 00:00:00.000000',
      '01/02/2024 12:00:00 pm': '2024-02-01 12:00:00.000000',
      '01/02/2024 01:00:00 PM': '2024-02-01 13:00:00.000000',
      '01/02/2024 13:00:00 PM': '(type)',
    });
    expect(timestamps('%Y%m%d%H%M%S.%f', ['20240229235959.000001', '20240229235959.'])).toEqual({
      '20240229235959.000001': '2024-02-29 23:59:59.000001',
      '20240229235959.': '(type)',
    });
  });

  it('is held to bounds that are dates or timestamps', () => {
    const schema = column.timestamp({ min: '2024-01-01', max: '2024-01-01T12:00:00' });
    expect(
      judgeAll(schema, ['2023-12-31T23:59:59.999999', '2024-01-01T00:00:00', '2024-01-01T12:00:00.000001']),
    ).toEqual({
      '2023-12-31T23:59:59.999999': '(min)',
      '2024-01-01T00:00:00': '2024-01-01 00:00:00.000000',
      '2024-01-01T12:00:00.000001': '(max)',
    });
  });
});
