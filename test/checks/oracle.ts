import type { ColumnSchema } from '../../src/definition/column';
import type { ScalarType } from '../../src/definition/column-type';
import { readColumn } from '../../src/definition/read-column';

/** Reads a text in the obvious, slow way to the value that zod is a schema of; undefined when it is not of the type. */
function read(type: ScalarType, text: string): unknown {
  switch (type.name) {
    case 'string':
      return text;
    case 'boolean':
      return type.trueTexts.includes(text) ? true : type.falseTexts.includes(text) ? false : undefined;
    case 'int8':
    case 'int16':
    case 'int32':
      return /^-?(0|[1-9][0-9]*)$/.test(text) && Math.abs(Number(text)) <= 2 ** 32
        ? Number(text) + 0
        : undefined;
    case 'int64':
      return /^-?(0|[1-9][0-9]*)$/.test(text) ? BigInt(text) : undefined;
    case 'float32':
    case 'float64':
      return readFloat(type.name, text);
    case 'decimal':
      return readDecimal(type, text);
    case 'date':
      return readTime(type, text);
    case 'timestamp':
      return type.format.includes('%s') || type.format.includes('%z')
        ? readInstant(type, text)
        : readTime(type, text);
    case 'binary':
      return readBytes(type.encoding, text);
  }
}

function readFloat(name: 'float32' | 'float64', text: string): number | undefined {
  if (!/^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(text)) return undefined;
  const value = name === 'float32' ? Math.fround(Number(text)) : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function readDecimal({ precision, scale, min, max }: Extract<ScalarType, { name: 'decimal' }>, text: string) {
  const [, sign, whole, places = ''] = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text) ?? [];
  if (sign === undefined || whole === undefined || places.length > scale) return undefined;
  const scaled = (of: string): bigint => {
    const [before = '', after = ''] = of.replace('-', '').split('.');
    const digits = BigInt(before + after.padEnd(scale, '0'));
    return of.startsWith('-') ? -digits : digits;
  };
  const value = scaled(text);
  const largest = 10n ** BigInt(precision) - 1n;
  if (value > largest || value < -largest) return undefined;
  return (min === undefined || value >= scaled(min)) && (max === undefined || value <= scaled(max))
    ? text
    : undefined;
}

const CALENDAR = /^(\d{4})-(\d\d)-(\d\d)$/;
const CLOCK = /^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d+)?$/;

function readTime(
  type: Extract<ScalarType, { name: 'date' | 'timestamp' }>,
  text: string,
): string | undefined {
  const toIso = (written: string): string =>
    type.format === '%d/%m/%Y'
      ? written.replace(
          /^(\d\d?)\/(\d\d?)\/(\d{4})$/,
          (_, d: string, m: string, y: string) => `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`,
        )
      : written;
  const [, day, time, fraction = ''] =
    type.name === 'date' ? ['', toIso(text), '00:00:00'] : (CLOCK.exec(text) ?? []);
  if (
    day === undefined ||
    time === undefined ||
    !CALENDAR.test(day) ||
    (type.format === '%d/%m/%Y' && CALENDAR.test(text))
  )
    return undefined;
  const parsed = new Date(`${day}T00:00:00Z`);
  const isReal =
    !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day) && !day.startsWith('0000');
  if (!isReal || !/^(\.\d{1,6}0*)?$/.test(fraction)) return undefined;
  const value = `${day} ${time}${fraction.slice(0, 7).padEnd(7, fraction === '' ? '.000000' : '0')}`;
  const bound = (written: string): string => `${`${written.replace('T', ' ')} 00:00:00`.slice(0, 19)}.000000`;
  const early = type.min !== undefined && value < bound(type.min);
  const late = type.max !== undefined && value > bound(type.max);
  return early || late ? undefined : type.name === 'date' ? day : value;
}

const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-](\d\d):?(\d\d))$/;
const EPOCH = /^(-?)(0|[1-9]\d*)(\.\d+)?$/;
const MILLION = 1_000_000n;

/** By whole microseconds since 1970. */
function readInstant(type: Extract<ScalarType, { name: 'timestamp' }>, text: string): string | undefined {
  const places = (fraction = ''): bigint | undefined =>
    /^(\.\d{1,6}0*)?$/.test(fraction) ? BigInt(fraction.slice(1, 7).padEnd(6, '0')) : undefined;
  let micros: bigint | undefined;
  if (type.format.includes('%s')) {
    const [, sign, seconds = '', fraction] = EPOCH.exec(text) ?? [];
    const rest = places(fraction);
    if (sign === undefined || rest === undefined) return undefined;
    micros = (sign === '-' ? -1n : 1n) * (BigInt(seconds) * MILLION + rest);
  } else {
    const [, local = '', fraction, zone = '', hours = '0', minutes = '0'] = INSTANT.exec(text) ?? [];
    const asWritten = readTime({ name: 'timestamp', format: '%Y-%m-%dT%H:%M:%S%.f' }, local);
    const rest = places(fraction);
    if (asWritten === undefined || rest === undefined || Number(hours) > 23 || Number(minutes) > 59)
      return undefined;
    const east = BigInt(Number(hours) * 60 + Number(minutes)) * 60n * (zone.startsWith('-') ? -1n : 1n);
    micros = (BigInt(Date.parse(`${local}Z`)) / 1000n - east) * MILLION + rest;
  }
  const rest = ((micros % MILLION) + MILLION) % MILLION;
  const milliseconds = Number((micros - rest) / 1000n);
  const fits = milliseconds >= Date.parse('0001-01-01T00:00:00Z') && milliseconds <= 253_402_300_799_000;
  if (!fits) return undefined;
  const utc = `${new Date(milliseconds).toISOString().slice(0, 19)}.${String(rest).padStart(6, '0')}`;
  return readTime({ ...type, format: '%Y-%m-%dT%H:%M:%S%.f' }, utc);
}

function readBytes(encoding: 'base64' | 'hex', text: string): string | undefined {
  const pattern =
    encoding === 'hex'
      ? /^([0-9a-fA-F]{2})*$/
      : /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  if (!pattern.test(text)) return undefined;
  if (encoding === 'hex') return btoa(text.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16))));
  return btoa(atob(text)) === text ? text : undefined;
}

/** The value of a text as a column's type has it, in canonical form; undefined where it is none. */
export function readSlowly(schema: ColumnSchema): (text: string) => unknown {
  const { type } = readColumn('c', schema);
  if (type.name === 'array' || type.name === 'struct') throw new Error('no text is an array or a struct');
  return (text) => read(type, text);
}

/** Whether the user's own schema takes what a text says: row by row, with nothing compiled. */
export function oracleOf(schema: ColumnSchema): (text: string, quoted: boolean) => boolean {
  const { type, nullTexts } = readColumn('c', schema);
  if (type.name === 'array' || type.name === 'struct') throw new Error('no text is an array or a struct');
  const isText = type.name === 'string' || type.name === 'binary';
  return (text, quoted) => {
    const isNull = nullTexts.includes(text) && (!quoted || (text === '' && !isText));
    const value = isNull ? null : read(type, text);
    return value !== undefined && schema.safeParse(value).success;
  };
}
