/** A character class, and how often it stands. */
interface Atom {
  /** By byte, 1 where it is in the class. */
  bytes: Uint8Array;
  least: number;
  most: number;
}

const ASCII = 128;
const ANCHORED = /^\^\(\?:(.*)\)\$$/s;
const CHARACTER = String.raw`\\d|\\[./\-\\+*?()[\]{}|^$]|[A-Za-z0-9 _\-/:;,@#%&=~!'"<>]`;
const CLASS_CHARACTER = String.raw`\\d|\\[./\-\\+*?()[\]{}|^$]|[A-Za-z0-9 _/:;,@#%&=~!'"<>.+*?(){}|$]`;
const ATOM = new RegExp(
  String.raw`(?:(${CHARACTER})|\[((?:(?:[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9]|${CLASS_CHARACTER}))+)\])(?:\{(\d{1,4})(?:(,)(\d{1,4})?)?\}|([?*+]))?`,
  'y',
);
const MEMBER = new RegExp(String.raw`([a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9])|(${CLASS_CHARACTER})`, 'y');

function addRange(bytes: Uint8Array, first: string, last: string): void {
  for (let code = first.charCodeAt(0); code <= last.charCodeAt(0); code += 1) bytes[code] = 1;
}

function addCharacter(bytes: Uint8Array, written: string): void {
  if (written === '\\d') addRange(bytes, '0', '9');
  else bytes[(written.length === 2 ? written.charCodeAt(1) : written.charCodeAt(0)) % ASCII] = 1;
}

function toClass(single: string | undefined, members: string): Uint8Array {
  const bytes = new Uint8Array(256);
  if (single !== undefined) {
    addCharacter(bytes, single);
    return bytes;
  }
  MEMBER.lastIndex = 0;
  for (let match = MEMBER.exec(members); match; match = MEMBER.exec(members)) {
    const [, range, written] = match;
    if (range !== undefined) addRange(bytes, range.charAt(0), range.charAt(2));
    else addCharacter(bytes, written ?? '');
  }
  return bytes;
}

function timesOf(
  count: string | undefined,
  comma: string | undefined,
  most: string | undefined,
  sign: string | undefined,
) {
  if (count !== undefined) {
    const least = Number(count);
    const upTo = most === undefined ? Number.POSITIVE_INFINITY : Number(most);
    return { least, most: comma === undefined ? least : upTo };
  }
  return {
    least: sign === '?' || sign === '*' ? 0 : 1,
    most: sign === '*' || sign === '+' ? Number.POSITIVE_INFINITY : 1,
  };
}

function parse(source: string): Atom[] | undefined {
  const atoms: Atom[] = [];
  ATOM.lastIndex = 0;
  let at = 0;
  while (at < source.length) {
    ATOM.lastIndex = at;
    const match = ATOM.exec(source);
    if (!match) return undefined;
    const [whole, single, members, count, comma, most, sign] = match;
    atoms.push({ bytes: toClass(single, members ?? ''), ...timesOf(count, comma, most, sign) });
    at += whole.length;
    // A lazy or repeated quantifier means something else.
    if (/^[?*+{]/.test(source.slice(at))) return undefined;
  }
  return atoms;
}

/** What a pattern asks of bytes: some that are each of one class, then the rest, all of one class. */
export interface PatternClasses {
  /** By byte, 1 where it is in the class. */
  fixed: readonly Uint8Array[];
  rest: Uint8Array;
  /** Bytes in all. */
  least: number;
  most: number;
}

/**
 * Of a pattern of plain characters and classes, each a fixed number of times but for the last, such as `[A-Z]{2}\d{6}`.
 * @returns undefined for every other pattern
 */
export function readPatternClasses({ source, flags }: RegExp): PatternClasses | undefined {
  const inner = ANCHORED.exec(source)?.[1];
  if (inner === undefined || /[^dgu]/.test(flags)) return undefined;
  const atoms = parse(inner);
  const last = atoms?.pop();
  if (!atoms || !last || atoms.some(({ least, most }) => least !== most)) return undefined;
  const fixed = atoms.flatMap(({ bytes, least }) => new Array<Uint8Array>(least).fill(bytes));
  return { fixed, rest: last.bytes, least: fixed.length + last.least, most: fixed.length + last.most };
}

/** @returns undefined for a pattern that has no classes to tell */
export function compileBytePattern(
  pattern: RegExp,
): ((bytes: Uint8Array, start: number, end: number) => boolean) | undefined {
  const classes = readPatternClasses(pattern);
  if (!classes) return undefined;
  const { fixed, rest, least, most } = classes;
  return (bytes, start, end) => {
    const length = end - start;
    if (length < least || length > most) return false;
    for (let at = 0; at < fixed.length; at += 1)
      if ((fixed[at] as Uint8Array)[bytes[start + at] as number] === 0) return false;
    for (let at = start + fixed.length; at < end; at += 1) if (rest[bytes[at] as number] === 0) return false;
    return true;
  };
}
