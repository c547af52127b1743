import type { z } from 'zod';
import { DefinitionError } from '../errors';
import { columnMetadata, type ColumnSchema } from './column';
import type { ColumnType } from './column-type';

/** What a schema demands of a value beyond its type, as data. Bounds are decimal text, so that none is rounded. */
export type ColumnRule =
  | { rule: 'enum'; values: readonly string[] }
  | { rule: 'pattern'; pattern: RegExp }
  | { rule: 'min-length' | 'max-length'; length: number }
  | { rule: 'min' | 'max'; value: string; inclusive: boolean };

/** A column as the stages see it: everything its zod schema declares, read once. */
export interface Column {
  name: string;
  /** Its name in the landed file. */
  header: string;
  type: ColumnType;
  nullable: boolean;
  nullTexts: readonly string[];
  sensitive: boolean;
  description: string | undefined;
  rules: readonly ColumnRule[];
  /** Set when the schema says more than `rules` can hold: the value's schema, to be asked value by value. */
  refinement: z.ZodType | undefined;
}

interface ZodCheck {
  check: string;
  format?: string;
  pattern?: RegExp;
  minimum?: number;
  maximum?: number;
  length?: number;
  value?: number | bigint;
  inclusive?: boolean;
}
interface ZodDefinition {
  type: string;
  innerType?: z.ZodType;
  entries?: Record<string, string>;
  checks?: readonly { _zod: { def: ZodCheck } }[];
}

const definitionOf = (schema: z.ZodType): ZodDefinition => schema._zod.def;

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

/** Zod sees decimals, dates and timestamps as text, and would measure their letters. */
function refuseTextRules(name: string, type: ColumnType, rules: readonly ColumnRule[]): void {
  if (!['decimal', 'date', 'timestamp'].includes(type.name) || rules.length === 0) return;
  throw new DefinitionError({
    happened: `Column "${name}" is a ${type.name}, which has no length or pattern: .min(), .max(), .length() and .regex() are for text.`,
    next: `Give the smallest and largest value as options: column.${type.name}(…, { min, max }).`,
  });
}

/** @throws DefinitionError when the schema is not made by a `column` builder, or says what Landfall cannot hold */
export function readColumn(name: string, schema: ColumnSchema): Column {
  let value = schema;
  let nullable = false;
  while (definitionOf(value).type === 'nullable' && definitionOf(value).innerType) {
    nullable = true;
    if (definitionOf(value).checks?.length) {
      throw new DefinitionError({
        happened: `Column "${name}" has a check after .nullable(), which would be asked of nulls too.`,
        next: 'Put .nullable() last.',
      });
    }
    value = definitionOf(value).innerType ?? value;
  }
  const metadata = columnMetadata(value);
  if (!metadata) {
    throw new DefinitionError({
      happened: `Column "${name}" is a zod ${definitionOf(value).type}, which says nothing of the type it has in Athena.`,
      next: 'Begin it with a column builder, such as column.string(), column.int64() or column.decimal(12, 2); .nullable(), .min() and the like may follow.',
    });
  }
  const definition = definitionOf(value);
  const rules: ColumnRule[] = [];
  let refinement: z.ZodType | undefined;
  if (definition.entries) rules.push({ rule: 'enum', values: Object.values(definition.entries) });
  for (const check of definition.checks ?? []) {
    const read = toRules(check._zod.def, name);
    if (read) rules.push(...read);
    else refinement = value;
  }
  refuseTextRules(name, metadata.type, rules);
  if ('min' in metadata.type) rules.push({ rule: 'min', value: metadata.type.min, inclusive: true });
  if ('max' in metadata.type) rules.push({ rule: 'max', value: metadata.type.max, inclusive: true });
  return {
    name,
    header: metadata.header ?? name,
    type: metadata.type,
    nullable,
    nullTexts: metadata.nullTexts ?? [''],
    sensitive: metadata.sensitive ?? false,
    description: metadata.description ?? schema.description ?? value.description,
    rules,
    refinement,
  };
}
