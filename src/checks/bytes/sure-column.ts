import { toCanonicalBound } from '../../definition/bound';
import type { ScalarType } from '../../definition/column-type';
import type { Column, ColumnRule } from '../../definition/read-column';
import { isImpliedByType } from '../describe-rule';
import { EXACT_DIGITS, MOST_ALLOWED, TEXT_TYPES } from './byte-column';
import { fixedFormOf, type FixedForm } from './byte-date';
import { readPatternClasses, type PatternClasses } from './byte-pattern';
import { INTEGER_DIGITS } from './byte-type';

/** The types of which a field can be sure to hold a value, and what must be known for it. */
export type SureType =
  | { kind: 'text' | 'double' }
  | { kind: 'integer'; digits: number }
  | { kind: 'decimal'; digits: number; scale: number }
  | { kind: 'word'; words: readonly string[] }
  | { kind: 'date'; form: FixedForm; isTimestamp: boolean };

interface Bound {
  sign: 1 | -1;
  inclusive: boolean;
}

export type SureRule =
  | { kind: 'enum'; values: readonly string[] }
  | ({ kind: 'pattern' } & PatternClasses)
  | { kind: 'min-length' | 'max-length'; length: number }
  | ({ kind: 'byte-bound'; bound: Buffer } & Bound)
  | ({ kind: 'number-bound'; bound: number } & Bound);

/** A column as data, for a reader that is sure of its values or leaves them alone. */
export interface SureColumn {
  type: SureType;
  nullable: boolean;
  /** Whether `""` is null as an empty field is. */
  emptyIsNull: boolean;
  /** Texts that are null where they do not stand in quotes. */
  nullTexts: readonly string[];
  rules: readonly SureRule[];
}

function sureType({ type }: Column): SureType | undefined {
  switch (type.name) {
    case 'string':
      return { kind: 'text' };
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return { kind: 'integer', digits: INTEGER_DIGITS[type.name] - 1 };
    case 'decimal':
      return { kind: 'decimal', digits: type.precision - type.scale, scale: type.scale };
    case 'float64':
      return { kind: 'double' };
    case 'boolean': {
      const hasWords = type.trueTexts.includes('true') && type.falseTexts.includes('false');
      return hasWords ? { kind: 'word', words: ['true', 'false'] } : undefined;
    }
    case 'date':
    case 'timestamp': {
      const form = fixedFormOf(type.name, type.format);
      return form && { kind: 'date', form, isTimestamp: type.name === 'timestamp' };
    }
    default:
      return undefined;
  }
}

function sureBound(rule: ColumnRule & { rule: 'min' | 'max' }, { type }: Column): SureRule | undefined {
  const { inclusive, value } = rule;
  const sign = rule.rule === 'min' ? 1 : -1;
  if (TEXT_TYPES.includes(type.name)) {
    const bound = Buffer.from(toCanonicalBound(type as ScalarType, value) ?? value);
    return { kind: 'byte-bound', bound, sign, inclusive };
  }
  const isExact = value.length <= EXACT_DIGITS && /^-?\d+(\.\d+)?$/.test(value);
  return isExact ? { kind: 'number-bound', bound: Number(value), sign, inclusive } : undefined;
}

function sureRule(rule: ColumnRule, column: Column): SureRule | undefined {
  switch (rule.rule) {
    case 'enum':
      return rule.values.length > MOST_ALLOWED ? undefined : { kind: 'enum', values: rule.values };
    case 'pattern': {
      const classes = readPatternClasses(rule.pattern);
      return classes && { kind: 'pattern', ...classes };
    }
    case 'min-length':
    case 'max-length':
      return { kind: rule.rule, length: rule.length };
    case 'min':
    case 'max':
      return sureBound({ ...rule, rule: rule.rule }, column);
  }
}

/** @returns undefined where a value, or a rule, takes the column's `ValueReader` */
export function toSureColumn(column: Column): SureColumn | undefined {
  const type = sureType(column);
  if (!type || column.refinement) return undefined;
  const asked = column.rules.filter((rule) => !isImpliedByType(rule, column));
  const rules = asked.map((rule) => sureRule(rule, column)).filter((rule) => rule !== undefined);
  if (rules.length < asked.length) return undefined;
  const { nullable, nullTexts } = column;
  return { type, nullable, emptyIsNull: nullTexts.includes('') && type.kind !== 'text', nullTexts, rules };
}
