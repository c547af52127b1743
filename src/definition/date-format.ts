import { DefinitionError } from '../errors';

const DATE_DIRECTIVES = ['%Y', '%y', '%m', '%b', '%B', '%d', '%e', '%j', '%%'];
const TIME_DIRECTIVES = ['%H', '%I', '%p', '%M', '%S', '%.f', '%f'];

/** Splits a strptime format into directives (`%d`, `%.f`) and the text between them. */
export function splitDateFormat(format: string): string[] {
  return format.match(/%\.f|%.|[^%]+|%$/gs) ?? [];
}

/** @throws DefinitionError when a directive is unknown, or says a time in a date's format */
export function checkDateFormat(format: string, kind: 'date' | 'timestamp'): void {
  const known = kind === 'date' ? DATE_DIRECTIVES : [...DATE_DIRECTIVES, ...TIME_DIRECTIVES];
  const unknown = splitDateFormat(format).find((part) => part.startsWith('%') && !known.includes(part));
  if (unknown !== undefined) {
    throw new DefinitionError({
      happened: `The ${kind} format "${format}" has "${unknown}", which is not known for a ${kind}.`,
      next: `Use ${known.join(' ')} and plain text.`,
    });
  }
}
