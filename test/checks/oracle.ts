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
    case 'timestamp':
      return readTime(type, text);
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
  const bound = (written: string): string => `${written.replace('T', ' ')} 00:00:00.000000`.slice(0, 26);
  const early = type.min !== undefined && value < bound(type.min);
  const late = type.max !== undefined && value > bound(type.max);
  return early || late ? undefined : type.name === 'date' ? day : value;
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
