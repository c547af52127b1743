/** What a mojap-metadata type becomes: a column builder, its arguments, and the smallest and largest value of the type. */
export type ImportedType =
  | { builder: 'boolean' | 'string' | 'float32' | 'float64' | 'date' | 'timestamp'; args: []; range?: Range }
  | { builder: 'int8' | 'int16' | 'int32' | 'int64'; args: []; range?: Range }
  | { builder: 'decimal'; args: [precision: number, scale: number]; range?: undefined }
  | { builder: 'binary'; args: []; range?: undefined; bytes?: number }
  /** What is inside is still to be read; an array has one, without a name. */
  | { builder: 'array' | 'struct'; args: []; range?: undefined; inner: readonly InnerType[] };

export interface InnerType {
  name: string;
  type: string;
}

export interface Range {
  least: number;
  most: number;
}

type Plain = Exclude<ImportedType['builder'], 'decimal' | 'binary' | 'array' | 'struct'>;

const plain = (builder: Plain, range?: Range): ImportedType => ({
  builder,
  args: [],
  ...(range === undefined ? {} : { range }),
});

/** mojap-metadata's own table of types; Glue has no unsigned ones, so the next larger type holds them, with bounds. */
const TYPES: Readonly<Record<string, ImportedType>> = {
  bool: plain('boolean'),
  bool_: plain('boolean'),
  int8: plain('int8'),
  int16: plain('int16'),
  int32: plain('int32'),
  int64: plain('int64'),
  uint8: plain('int16', { least: 0, most: 255 }),
  uint16: plain('int32', { least: 0, most: 65_535 }),
  uint32: plain('int64', { least: 0, most: 4_294_967_295 }),
  float16: plain('float32', { least: -65_504, most: 65_504 }),
  float32: plain('float32'),
  float64: plain('float64'),
  date32: plain('date'),
  date64: plain('date'),
  string: plain('string'),
  large_string: plain('string'),
  utf8: plain('string'),
  large_utf8: plain('string'),
};

const WITHOUT_GLUE_TYPE = /^(uint64|null|time32\(.*\)|time64\(.*\)|map_?<.*>)$/s;
const BINARY = /^(?:binary(?:\((\d+)\))?|large_binary)$/;
const LIST = /^(?:large_)?list_?<(.*)>$/s;
const STRUCT = /^struct<(.*)>$/s;

/** At the commas that are in no brackets. */
function splitFields(text: string): string[] {
  const fields: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if ('<('.includes(sign)) depth += 1;
    else if ('>)'.includes(sign)) depth -= 1;
    else if (sign === ',' && depth === 0) {
      fields.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...fields, text.slice(from)];
}

function readStruct(text: string): ImportedType | string {
  const inner = splitFields(text).map((field): InnerType => {
    const colon = field.indexOf(':');
    return { name: field.slice(0, Math.max(colon, 0)).trim(), type: field.slice(colon + 1).trim() };
  });
  return inner.every(({ name, type }) => name !== '' && type !== '')
    ? { builder: 'struct', args: [], inner }
    : 'does not say of each field "name:type"';
}

/** @returns why it cannot be a column, in words that follow "type x" */
export function readMetadataType(type: string): ImportedType | string {
  const known = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (known) return known;
  if (/^timestamp\((s|ms|us|ns)\)$/.test(type)) return plain('timestamp');
  const decimal = /^decimal128\((\d+),\s?(\d+)\)$/.exec(type);
  if (decimal) return { builder: 'decimal', args: [Number(decimal[1]), Number(decimal[2])] };
  if (WITHOUT_GLUE_TYPE.test(type)) return 'has no counterpart in Glue';
  const binary = BINARY.exec(type);
  if (binary)
    return { builder: 'binary', args: [], ...(binary[1] === undefined ? {} : { bytes: Number(binary[1]) }) };
  const list = LIST.exec(type);
  if (list) return { builder: 'array', args: [], inner: [{ name: '', type: (list[1] ?? '').trim() }] };
  const struct = STRUCT.exec(type);
  if (struct) return readStruct(struct[1] ?? '');
  return 'is none of mojap-metadata’s';
}
