import { isOneOf } from './bytes';
import { DateForm, isDate } from './dates';
import { isDecimal, isInteger, isShortDouble } from './numbers';
import { keepsRule, Rule } from './rules';
import { Value } from './value';

@unmanaged
export class Field {
  kind: u32;
  nullable: u32;
  /** Whether `""` is null. */
  emptyIsNull: u32;
  /** Texts that are null where they do not stand in quotes. */
  nulls: usize;
  /** Where in a row's spans, in bytes. */
  span: u32;
  /** INTEGER: digits that are sure. DECIMAL: digits ahead of the point. */
  digits: u32;
  /** DECIMAL: digits behind the point. */
  scale: u32;
  /** DATE: its form. WORD: the words. */
  form: usize;
  /** The first one, or 0. */
  rules: usize;
  /** Of a JSON line: what stands ahead of the value. */
  prefix: usize;
  prefixLength: u32;
  /** Of a JSON line: whether a value may stand without quotes. */
  isBare: u32;
}

export const TEXT: u32 = 0;
const INTEGER: u32 = 1;
const DECIMAL: u32 = 2;
const DOUBLE: u32 = 3;
export const WORD: u32 = 4;
const DATE: u32 = 5;

/** A canonical timestamp has 26 bytes, a decimal at most 40. */
export const MOST_WRITTEN: usize = 64;

/** Whether the field holds a right value, whose canonical form is then from `Value.start` to `Value.end`. */
export function isSure(field: Field, start: usize, end: usize): bool {
  Value.start = start;
  Value.end = end;
  switch (field.kind) {
    case TEXT:
      break;
    case INTEGER:
      if (!isInteger(start, end, field.digits)) return false;
      break;
    case DECIMAL:
      if (!isDecimal(start, end, field.digits, field.scale)) return false;
      break;
    case DOUBLE:
      if (!isShortDouble(start, end)) return false;
      break;
    case WORD:
      if (!isOneOf(field.form, start, end)) return false;
      break;
    case DATE:
      if (!isDate(start, end, changetype<DateForm>(field.form))) return false;
      break;
    default:
      return false;
  }
  let rule = field.rules;
  while (rule !== 0) {
    if (!keepsRule(changetype<Rule>(rule), Value.start, Value.end)) return false;
    rule = changetype<Rule>(rule).next;
  }
  return true;
}
