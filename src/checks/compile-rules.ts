import { toCanonicalBound } from '../definition/bound';
import type { ScalarType } from '../definition/column-type';
import type { Column, ColumnRule } from '../definition/read-column';
import { describeRule, isImpliedByType } from './describe-rule';
import { comparerWith } from './read-decimal';
import type { Fault } from './value-reader';

/** The fault of a value in canonical form, if it has one. */
export type RuleCheck = (value: string) => Fault | undefined;

/** Unicode code points, as zod counts them; a code point is at most two units, so most texts need no counting. */
function codePoints(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length - 1; at += 1) {
    if ((text.codePointAt(at) ?? 0) > 0xffff) {
      pairs += 1;
      at += 1;
    }
  }
  return text.length - pairs;
}

/** Below 0 when the value is smaller than the bound. */
function compilerOfBounds(column: Column): (bound: string) => (value: string) => number {
  switch (column.type.name) {
    case 'int64':
    case 'decimal':
      return comparerWith;
    case 'date':
    case 'timestamp':
      return (bound) => {
        const right = toCanonicalBound(column.type as ScalarType, bound) ?? bound;
        return (value) => (value < right ? -1 : value > right ? 1 : 0);
      };
    default:
      // The values are doubles (or smaller integers), as TypeScript sees them and zod compares them.
      return (bound) => {
        const right = Number(bound);
        return (value) => Number(value) - right;
      };
  }
}

function compileRule(rule: ColumnRule, column: Column): RuleCheck | undefined {
  switch (rule.rule) {
    case 'enum': {
      const allowed = new Set(rule.values);
      const fault: Fault = { code: 'enum', expected: describeRule(rule) };
      return (value) => (allowed.has(value) ? undefined : fault);
    }
    case 'pattern': {
      // With "g" or "y" a pattern remembers where it stopped, and would judge the next value from there.
      const pattern = new RegExp(rule.pattern.source, rule.pattern.flags.replaceAll(/[gy]/g, ''));
      const fault: Fault = { code: 'pattern', expected: describeRule(rule) };
      return (value) => (pattern.test(value) ? undefined : fault);
    }
    case 'min-length': {
      const fault: Fault = { code: 'min-length', expected: describeRule(rule) };
      return (value) =>
        value.length >= rule.length * 2 || codePoints(value) >= rule.length ? undefined : fault;
    }
    case 'max-length': {
      const fault: Fault = { code: 'max-length', expected: describeRule(rule) };
      return (value) => (value.length <= rule.length || codePoints(value) <= rule.length ? undefined : fault);
    }
    case 'min':
    case 'max': {
      if (isImpliedByType(rule, column)) return undefined;
      const compare = compilerOfBounds(column)(rule.value);
      const least = rule.rule === 'min';
      const fault: Fault = { code: rule.rule, expected: describeRule(rule) };
      return (value) => {
        const order = least ? compare(value) : -compare(value);
        return order > 0 || (rule.inclusive && order === 0) ? undefined : fault;
      };
    }
  }
}

export const compileRules = (column: Column): RuleCheck[] =>
  column.rules.map((rule) => compileRule(rule, column)).filter((check) => check !== undefined);
