import { toCanonicalBound } from '../../definition/bound';
import type { ColumnType, ScalarType } from '../../definition/column-type';
import type { Column, ColumnRule } from '../../definition/read-column';
import { compileRules } from '../compile-rules';
import { isImpliedByType } from '../describe-rule';
import { CODE } from '../value-reader';
import { compileBytePattern } from './byte-pattern';
import { isOneOf, type ByteRule } from './byte-rule';
import { readerOfType } from './byte-type';
import type { ByteType } from './byte-verdict';

/**
 * A column's own reader of bytes, which makes no text of them. It knows only what it can be sure of: where it says
 * nothing else, the column's `ValueReader` is to be asked, which judges all there is.
 */
export interface ByteColumn extends ByteType {
  nullable: boolean;
  /** Whether `""` is null as an empty field is. */
  emptyIsNull: boolean;
  /** Whether an unquoted field is one of the null texts. */
  isNull: ByteRule;
  /** Whether a value in canonical form keeps all rules. */
  passes: ByteRule;
}

export const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);

/** The double that is nearest, as `Number` has it; NaN where that takes more than a division of two exact numbers. */
function toNumber(bytes: Buffer, start: number, end: number): number {
  if (end - start > EXACT_DIGITS) return Number.NaN;
  const negative = bytes[start] === CODE.minus;
  let whole = 0;
  let places = -1;
  for (let at = negative ? start + 1 : start; at < end; at += 1) {
    const code = bytes[at] as number;
    if (code === CODE.dot) places = 0;
    else {
      whole = whole * 10 + code - CODE.zero;
      if (places >= 0) places += 1;
    }
  }
  const value = places > 0 ? whole / (POWERS[places] as number) : whole;
  return negative ? -value : value;
}

function compareBytes(bytes: Buffer, start: number, end: number, other: Buffer): number {
  const length = Math.min(end - start, other.length);
  for (let at = 0; at < length; at += 1) {
    const order = (bytes[start + at] as number) - (other[at] as number);
    if (order !== 0) return order;
  }
  return end - start - other.length;
}

/** Code points: every byte that does not go on with one. */
function codePoints(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += 1) if (((bytes[at] as number) & 0xc0) !== 0x80) count += 1;
  return count;
}

export const MOST_ALLOWED = 32;
export const TEXT_TYPES: readonly ColumnType['name'][] = ['date', 'timestamp'];

function compileBound(
  rule: ColumnRule & { rule: 'min' | 'max' },
  column: Column,
  asText: ByteRule,
): ByteRule {
  const { type } = column;
  const sign = rule.rule === 'min' ? 1 : -1;
  const holds = (order: number): boolean => order > 0 || (rule.inclusive && order === 0);
  if (TEXT_TYPES.includes(type.name)) {
    const bound = Buffer.from(toCanonicalBound(type as ScalarType, rule.value) ?? rule.value);
    return (bytes, start, end) => holds(sign * compareBytes(bytes, start, end, bound));
  }
  const isExact = rule.value.length <= EXACT_DIGITS && /^-?\d+(\.\d+)?$/.test(rule.value);
  if (!isExact) return asText;
  const bound = Number(rule.value);
  return (bytes, start, end) => {
    const value = toNumber(bytes, start, end);
    return Number.isNaN(value) ? asText(bytes, start, end) : holds(sign * (value - bound));
  };
}

function compileRule(rule: ColumnRule, column: Column): ByteRule | undefined {
  const checks = compileRules({ ...column, rules: [rule] });
  const asText: ByteRule = (bytes, start, end) => {
    const text = bytes.toString('utf8', start, end);
    return checks.every((check) => check(text) === undefined);
  };
  switch (rule.rule) {
    case 'enum':
      return rule.values.length > MOST_ALLOWED ? asText : isOneOf(rule.values);
    case 'pattern':
      return compileBytePattern(rule.pattern) ?? asText;
    case 'min-length':
      return (bytes, start, end) => codePoints(bytes, start, end) >= rule.length;
    case 'max-length':
      return (bytes, start, end) =>
        end - start <= rule.length || codePoints(bytes, start, end) <= rule.length;
    case 'min':
    case 'max':
      return isImpliedByType(rule, column)
        ? undefined
        : compileBound({ ...rule, rule: rule.rule }, column, asText);
  }
}

const all = (rules: readonly ByteRule[]): ByteRule => {
  const [first, second] = rules;
  if (!first) return () => true;
  if (!second) return first;
  return (bytes, start, end) => {
    for (const rule of rules) if (!rule(bytes, start, end)) return false;
    return true;
  };
};

/** @returns undefined where only the `ValueReader` can tell */
export function compileByteColumn(column: Column): ByteColumn | undefined {
  const type = readerOfType(column.type);
  if (!type || column.refinement) return undefined;
  const rules = column.rules.map((rule) => compileRule(rule, column)).filter((rule) => rule !== undefined);
  return {
    ...type,
    nullable: column.nullable,
    emptyIsNull: column.nullTexts.includes('') && column.type.name !== 'string',
    isNull: isOneOf(column.nullTexts),
    passes: all(rules),
  };
}
