import type { z } from 'zod';
import { DefinitionError } from '../errors';
import type { DeclaredType } from './column-registry';
import type { ColumnRule } from './read-column';
import { refuseChange } from './refuse-schema';

interface ZodCheck {
  check: string;
  format?: string;
  pattern?: RegExp;
  minimum?: number;
  maximum?: number;
  length?: number;
  value?: number | bigint;
  inclusive?: boolean;
  normalize?: boolean;
}

/** Whether ^ and $ hold for all of it: not escaped, not of a line only, not of one alternative only. */
function matchesWholeTexts({ source, flags }: RegExp): boolean {
  let bare = source.replace(/\\./gs, '').replace(/\[[^\]]*\]/g, '');
  for (let before = ''; before !== bare;) {
    before = bare;
    bare = bare.replace(/\([^()]*\)/g, '');
  }
  return !flags.includes('m') && /^\^[^|]*\$$/.test(bare);
}

function toRules(check: ZodCheck, columnName: string): ColumnRule[] | undefined {
  switch (check.check) {
    case 'number_format':
      return check.format === 'safeint' ? [] : undefined;
    case 'string_format': {
      if (check.format !== 'regex' || !check.pattern) return undefined;
      if (!matchesWholeTexts(check.pattern)) {
        throw new DefinitionError({
          happened: `Column "${columnName}" has the pattern ${String(check.pattern)}, which also matches text with more before or after it.`,
          next: 'Write it as column.string({ pattern }), which matches whole texts, or begin it with ^ and end it with $, without the flag m.',
        });
      }
      return [{ rule: 'pattern', pattern: check.pattern }];
    }
    case 'min_length':
      return [{ rule: 'min-length', length: check.minimum ?? 0 }];
    case 'max_length':
      return [{ rule: 'max-length', length: check.maximum ?? 0 }];
    case 'length_equals':
      return [
        { rule: 'min-length', length: check.length ?? 0 },
        { rule: 'max-length', length: check.length ?? 0 },
      ];
    case 'greater_than':
      return [{ rule: 'min', value: String(check.value), inclusive: check.inclusive ?? true }];
    case 'less_than':
      return [{ rule: 'max', value: String(check.value), inclusive: check.inclusive ?? true }];
    default:
      return undefined;
  }
}

const BOUNDED_BY_OPTIONS = ['decimal', 'date', 'timestamp'];

/** Zod sees decimals, dates, timestamps and bytes as text, and would measure their letters. */
function refuseTextRules(name: string, type: DeclaredType, rules: readonly ColumnRule[]): void {
  if (rules.length === 0) return;
  const bounded = BOUNDED_BY_OPTIONS.includes(type.name);
  if (!bounded && type.name !== 'binary') return;
  throw new DefinitionError({
    happened: `Column "${name}" is a ${type.name}, which has no length or pattern: .min(), .max(), .length() and .regex() are for text.`,
    next: bounded
      ? `Give the smallest and largest value as options: column.${type.name}(…, { min, max }).`
      : 'Leave them out; .refine() is given the bytes as base64.',
  });
}

export interface DeclaredRules {
  rules: ColumnRule[];
  /** Whether the schema says more than the rules do. */
  refined: boolean;
}

/**
 * What a column's schema demands beyond its type.
 * @throws DefinitionError when it changes values, or demands what values of the type cannot have
 */
export function readRules(name: string, value: z.ZodType, type: DeclaredType): DeclaredRules {
  const { entries, checks } = value._zod.def as {
    entries?: Record<string, string>;
    checks?: readonly { _zod: { def: ZodCheck } }[];
  };
  const rules: ColumnRule[] = entries ? [{ rule: 'enum', values: Object.values(entries) }] : [];
  let refined = false;
  for (const { _zod } of checks ?? []) {
    refuseChange(name, _zod.def);
    const read = toRules(_zod.def, name);
    if (read) rules.push(...read);
    else refined = true;
  }
  refuseTextRules(name, type, rules);
  if ('min' in type) rules.push({ rule: 'min', value: type.min, inclusive: true });
  if ('max' in type) rules.push({ rule: 'max', value: type.max, inclusive: true });
  return { rules, refined };
}
