import { isPromise } from './is-promise';

/** What a parser's `row` makes. Its parts come from code that no compiler may have seen. */
export class ParsedRow {
  constructor(
    readonly texts: unknown,
    readonly place: unknown,
  ) {}
}

/** What a parser's `reject` makes. */
export class ParsedReject {
  constructor(
    readonly reason: unknown,
    readonly place: unknown,
  ) {}
}

/** `a number`, `a promise`: what it is, never what it holds. */
export function describeKind(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object') return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
  return isPromise(value) ? 'a promise' : 'an object';
}
