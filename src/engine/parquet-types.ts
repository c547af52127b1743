import { isUtf8 } from 'node:buffer';
import type { ColumnType } from '../definition/column-type';
import type { SchemaElement } from './parquet-library';
import { annotation } from './parquet-schema';

/** The text of a stored value, in the canonical form of its type; undefined when it is no such value. */
export type ToText = (value: unknown) => string | undefined;

const INTEGER_BITS: Partial<Record<ColumnType['name'], number>> = {
  int8: 8,
  int16: 16,
  int32: 32,
  int64: 64,
};
const CONVERTED_INTEGER = /^(U?)INT_(8|16|32|64)$/;
const TEXT = new Set(['UTF8', 'STRING', 'ENUM', 'JSON']);

interface Integer {
  bits: number;
  signed: boolean;
}

function integerOf(element: SchemaElement): Integer | undefined {
  const { type, logical_type, converted_type = '' } = element;
  if (type !== 'INT32' && type !== 'INT64') return undefined;
  const own = type === 'INT32' ? 32 : 64;
  if (logical_type?.type === 'INTEGER')
    return { bits: logical_type.bitWidth ?? own, signed: logical_type.isSigned ?? true };
  const converted = CONVERTED_INTEGER.exec(converted_type);
  if (converted) return { bits: Number(converted[2]), signed: converted[1] === '' };
  return annotation(element) === '' ? { bits: own, signed: true } : undefined;
}

function decimalOf(element: SchemaElement): { precision: number; scale: number } | undefined {
  const { logical_type, scale = 0, precision = 0 } = element;
  if (annotation(element) !== 'DECIMAL') return undefined;
  return { precision: logical_type?.precision ?? precision, scale: logical_type?.scale ?? scale };
}

/** Parts of a second that one unit is. */
function timestampUnit(element: SchemaElement): bigint | undefined {
  if (element.type !== 'INT64') return undefined;
  const unit =
    element.logical_type?.type === 'TIMESTAMP'
      ? element.logical_type.unit
      : /^TIMESTAMP_(MILLIS|MICROS)$/.exec(element.converted_type ?? '')?.[1];
  return { MILLIS: 1_000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n }[unit ?? ''];
}

/** As a person would name it: `int32`, `decimal(10,2)`, `timestamp(nanos)`. */
export function describeParquetType(element: SchemaElement): string {
  const integer = integerOf(element);
  if (integer) return `${integer.signed ? '' : 'u'}int${integer.bits}`;
  const decimal = decimalOf(element);
  if (decimal) return `decimal(${decimal.precision},${decimal.scale})`;
  const unit = element.logical_type?.unit;
  return `${element.type ?? '?'}${annotation(element) === '' ? '' : ` as ${annotation(element)}`}${unit ? ` (${unit})` : ''}`;
}

const unsignedOf = (bits: number): ToText =>
  bits === 64
    ? (value) => BigInt.asUintN(64, value as bigint).toString()
    : (value) => String(typeof value === 'number' ? value >>> 0 : BigInt.asUintN(32, value as bigint));

function bytesToInteger(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = value * 256n + BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}

function toDecimal(scale: number): ToText {
  return (value) => {
    if (value instanceof Uint8Array && value.length > 64) return undefined;
    const unscaled = value instanceof Uint8Array ? bytesToInteger(value) : BigInt(value as number | bigint);
    const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
    const sign = unscaled < 0n ? '-' : '';
    return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  };
}

/** The shortest text that is this number among those of four bytes. */
function toFloat32(value: unknown): string {
  const number = value as number;
  for (let digits = 6; digits < 9; digits += 1) {
    const text = Number(number.toPrecision(digits));
    if (Math.fround(text) === number) return String(text);
  }
  return String(number);
}

const DAY_MS = 86_400_000;

function toDate(value: unknown): string | undefined {
  const text = new Date((value as number) * DAY_MS);
  return Number.isNaN(text.getTime()) ? undefined : text.toISOString().replace(/T.*/, '');
}

const floorDivide = (value: bigint, by: bigint): bigint =>
  value >= 0n || value % by === 0n ? value / by : value / by - 1n;

/** A zone is none of a timestamp's: one that is adjusted to UTC is taken as its time in UTC, as Athena shows it. */
function toTimestamp(unit: bigint): ToText {
  const places = unit.toString().length - 1;
  return (value) => {
    const seconds = floorDivide(value as bigint, unit);
    const fraction = ((value as bigint) - seconds * unit).toString().padStart(places, '0').padEnd(6, '0');
    const date = new Date(Number(seconds) * 1000);
    // Parts of microseconds are no part of the type.
    if (Number.isNaN(date.getTime()) || !/^\d{6}0*$/.test(fraction)) return undefined;
    return `${date.toISOString().slice(0, -5).replace('T', ' ')}.${fraction.slice(0, 6)}`;
  };
}

const NANOS = 1_000_000_000n;
const DAY_NANOS = 86_400n * NANOS;
const JULIAN_EPOCH = 2_440_588n;
const nanosToTimestamp = toTimestamp(NANOS);

function int96ToTimestamp(value: unknown): string | undefined {
  const nanos = (value as bigint) & 0xffff_ffff_ffff_ffffn;
  const days = ((value as bigint) >> 64n) - JULIAN_EPOCH;
  return nanos < DAY_NANOS ? nanosToTimestamp(days * DAY_NANOS + nanos) : undefined;
}

const toText: ToText = (value) =>
  isUtf8(value as Uint8Array) ? Buffer.from(value as Uint8Array).toString('utf8') : undefined;

const BYTES = new Set(['BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY']);
const toBase64: ToText = (value) => Buffer.from(value as Uint8Array).toString('base64');

/** @returns undefined where the column's type cannot hold every value of Parquet's: nothing is narrowed */
export function parquetReader(element: SchemaElement, type: ColumnType): ToText | undefined {
  const note = annotation(element);
  const integer = integerOf(element);
  const bits = INTEGER_BITS[type.name];
  if (bits !== undefined) {
    if (!integer || (integer.signed ? integer.bits > bits : integer.bits >= bits)) return undefined;
    return integer.signed ? String : unsignedOf(integer.bits);
  }
  switch (type.name) {
    case 'string':
      return element.type === 'BYTE_ARRAY' && TEXT.has(note) ? toText : undefined;
    case 'boolean':
      return element.type === 'BOOLEAN' ? String : undefined;
    case 'float32':
      return element.type === 'FLOAT' ? toFloat32 : undefined;
    case 'float64':
      return element.type === 'DOUBLE' || element.type === 'FLOAT' ? String : undefined;
    case 'decimal': {
      const decimal = decimalOf(element);
      if (!decimal || decimal.scale < 0 || decimal.scale > type.scale) return undefined;
      return decimal.precision - decimal.scale <= type.precision - type.scale
        ? toDecimal(decimal.scale)
        : undefined;
    }
    case 'binary':
      return BYTES.has(element.type ?? '') && note === '' ? toBase64 : undefined;
    case 'date':
      return element.type === 'INT32' && note === 'DATE' ? toDate : undefined;
    case 'timestamp': {
      const unit = timestampUnit(element);
      if (element.type === 'INT96' && note === '') return int96ToTimestamp;
      return unit === undefined ? undefined : toTimestamp(unit);
    }
    default:
      return undefined;
  }
}
