import type { ScalarType } from './column-type';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2})(\.\d{1,6})?)?$/;
const DECIMAL = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/;
const MOST_PLACES = 38;

function isRealDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return (
    !day.startsWith('0000') &&
    !Number.isNaN(date.getTime()) &&
    date.toISOString().slice(0, day.length) === day
  );
}

function toCanonicalTimestamp(bound: string): string | undefined {
  const [, day = '', time = '00:00:00', fraction = '.'] = TIMESTAMP.exec(bound) ?? [];
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number);
  if (!isRealDay(day) || hour > 23 || minute > 59 || second > 59) return undefined;
  return `${day} ${time}${fraction.padEnd('.000000'.length, '0')}`;
}

function isDecimal(bound: string, precision: number, scale: number): boolean {
  const [, , whole, places = ''] = DECIMAL.exec(bound) ?? [];
  if (whole === undefined) return false;
  return (whole === '0' ? 0 : whole.length) <= precision - scale && places.length <= scale;
}

/**
 * A bound in the canonical form of the column's type, in which its values are compared; undefined when it is no value
 * of the type. Dates and timestamps are given in ISO 8601, a timestamp's time may be left out.
 */
export function toCanonicalBound(type: ScalarType, bound: string): string | undefined {
  switch (type.name) {
    case 'date':
      return DATE.test(bound) && isRealDay(bound) ? bound : undefined;
    case 'timestamp':
      return toCanonicalTimestamp(bound);
    case 'decimal':
      return isDecimal(bound, type.precision, type.scale) ? bound : undefined;
    case 'float32':
    case 'float64':
      return Number.isFinite(Number(bound)) ? bound : undefined;
    case 'int8':
    case 'int16':
    case 'int32':
      return Number.isInteger(Number(bound)) ? bound : undefined;
    case 'int64':
      return bound;
    default:
      return undefined;
  }
}

/** In units of the last place that any decimal has. */
function toWholeNumber(bound: string): bigint {
  const [, sign = '', whole = '0', places = ''] = DECIMAL.exec(bound) ?? [];
  return BigInt(`${sign}${whole}${places.padEnd(MOST_PLACES, '0')}`);
}

/** Below 0, 0 or above 0, as `left` is to `right`; both are canonical bounds of the type. */
export function compareBounds(type: ScalarType, left: string, right: string): number {
  const order = <T>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
  if (type.name === 'int64') return order(BigInt(left), BigInt(right));
  if (type.name === 'decimal') return order(toWholeNumber(left), toWholeNumber(right));
  if (type.name === 'date' || type.name === 'timestamp') return order(left, right);
  return order(Number(left), Number(right));
}
