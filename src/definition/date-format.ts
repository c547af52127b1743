import { DefinitionError } from '../errors';

const DATE_DIRECTIVES = ['%Y', '%y', '%m', '%b', '%B', '%d', '%e', '%j', '%%'];
const FRACTION_DIRECTIVES = ['%.f', '%f'];
const TIME_DIRECTIVES = ['%H', '%I', '%p', '%M', '%S', ...FRACTION_DIRECTIVES, '%z', '%s'];

const IN_THE_TRANSFORM =
  'Land it as column.string(), and make the timestamp, in the zone you mean, in the transform.';
/** Directives that others know, with why they are not read. */
const NOT_READ: Readonly<Record<string, string>> = {
  '%z': 'A day has no zone: read it as column.timestamp(), which is converted to UTC.',
  '%:z': 'Write %z, which takes +01:00, +0100 and Z, in the format of a timestamp.',
  '%Z': `Names of zones are ambiguous, and Athena's timestamps have none. ${IN_THE_TRANSFORM}`,
  '%s': 'Seconds are more than a day says: read them as column.timestamp(), which is in UTC.',
};

/** Splits a strptime format into directives (`%d`, `%.f`) and the text between them. */
export function splitDateFormat(format: string): string[] {
  return format.match(/%[.:][fz]|%.|[^%]+|%$/gs) ?? [];
}

/** An epoch says all but the places of its second. */
function requireEpochAlone(format: string, parts: readonly string[], directives: readonly string[]): void {
  const [epoch, fraction, ...more] = directives;
  const isAlone = fraction === undefined || (FRACTION_DIRECTIVES.includes(fraction) && more.length === 0);
  // Nobody could say where digits of one end and those of the other begin.
  const isApart = fraction !== '%f' || parts[parts.indexOf('%f') - 1] !== '%s';
  if (epoch === '%s' && isAlone && isApart) return;
  throw new DefinitionError({
    happened: `The timestamp format "${format}" has %s beside other parts of a date and time, or digits that run into it.`,
    next: 'An epoch stands alone, or with the places of its second: "%s", "%s%.f".',
  });
}

function requireWholeDate(format: string, kind: 'date' | 'timestamp'): void {
  const parts = splitDateFormat(format);
  const has = (...directives: string[]): boolean => directives.some((each) => parts.includes(each));
  const directives = parts.filter((part) => part.startsWith('%') && part !== '%%');
  const twice = new Set(directives).size < directives.length;
  const dayKnown = has('%j') || (has('%m', '%b', '%B') && has('%d', '%e'));
  const halfDayKnown = has('%I') === has('%p') && !(has('%I') && has('%H'));
  if (has('%s')) {
    requireEpochAlone(format, parts, directives);
    return;
  }
  if (has('%Y', '%y') && dayKnown && halfDayKnown && !twice) return;
  throw new DefinitionError({
    happened: `The ${kind} format "${format}" does not say one date${halfDayKnown ? '' : ' and time'}: a year, a month and a day (or %j) are needed, each directive once, and %I with %p.`,
    next: 'Complete the format, or read the column as a string and make the date in the transform.',
  });
}

/** @throws DefinitionError when a directive is unknown, says a time in a date's format, or the date is left open */
export function checkDateFormat(format: string, kind: 'date' | 'timestamp'): void {
  const known = kind === 'date' ? DATE_DIRECTIVES : [...DATE_DIRECTIVES, ...TIME_DIRECTIVES];
  const unknown = splitDateFormat(format).find((part) => part.startsWith('%') && !known.includes(part));
  if (unknown !== undefined) {
    throw new DefinitionError({
      happened: `The ${kind} format "${format}" has "${unknown}", which is not known for a ${kind}.`,
      next: NOT_READ[unknown] ?? `Use ${known.join(' ')} and plain text.`,
    });
  }
  requireWholeDate(format, kind);
}
