import { CODE, isDigit } from './value-reader';

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const daysIn = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (DAYS[month - 1] ?? 0);

/** Whether the proleptic Gregorian calendar has the day; years are 1 to 9999. */
export function isRealDate(year: number, month: number, day: number): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

/** The month and day of the year's `dayOfYear`th day, the first being 1; undefined when it has no such day. */
export function toMonthAndDay(year: number, dayOfYear: number): [month: number, day: number] | undefined {
  let day = dayOfYear;
  for (let month = 1; month <= 12; month += 1) {
    if (day >= 1 && day <= daysIn(year, month)) return [month, day];
    day -= daysIn(year, month);
  }
  return undefined;
}

/** The two digits at a place as a number, or -1. */
export function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at);
  const ones = text.charCodeAt(at + 1);
  return isDigit(tens) && isDigit(ones) ? (tens - CODE.zero) * 10 + ones - CODE.zero : -1;
}

const NO_FRACTION = '.000000';
const PLACES = 6;

/** `.123456` of `.1234560`, `.500000` of `.5`; undefined when there are more places than microseconds have. */
export function canonicalFraction(text: string, from: number): string | undefined {
  if (from === text.length) return NO_FRACTION;
  if (text.charCodeAt(from) !== CODE.dot || from + 1 === text.length) return undefined;
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (!isDigit(code) || (at > from + PLACES && code !== CODE.zero)) return undefined;
  }
  return text.slice(from, from + 1 + PLACES).padEnd(1 + PLACES, '0');
}
