import { DefinitionError } from '../errors';
import { compareBounds, toCanonicalBound } from './bound';
import { isNested, type ScalarType } from './column-type';
import type { Column, ColumnRule } from './read-column';

type Bound = Extract<ColumnRule, { rule: 'min' | 'max' }>;

const EXAMPLES: Partial<Record<ScalarType['name'], string>> = {
  date: 'Write it in ISO 8601, such as 2024-12-31.',
  timestamp: 'Write it in ISO 8601, such as 2024-12-31 or 2024-12-31T23:59:59.5; a timestamp has no zone.',
};

function requireBounds({ name, rules }: Column, type: ScalarType): void {
  const bounds = rules
    .filter((rule): rule is Bound => rule.rule === 'min' || rule.rule === 'max')
    .map((bound) => ({ ...bound, canonical: toCanonicalBound(type, bound.value) }));
  for (const { rule, value, canonical } of bounds) {
    if (canonical !== undefined) continue;
    const of = type.name === 'decimal' ? `decimal(${type.precision}, ${type.scale})` : type.name;
    throw new DefinitionError({
      happened: `Column "${name}" has the ${rule} "${value}", which is no value of a ${of}.`,
      next: EXAMPLES[type.name] ?? 'Give a bound that the column could have as a value.',
    });
  }
  for (const least of bounds.filter(({ rule }) => rule === 'min')) {
    for (const most of bounds.filter(({ rule }) => rule === 'max')) {
      const order = compareBounds(type, least.canonical ?? '', most.canonical ?? '');
      if (order < 0 || (order === 0 && least.inclusive && most.inclusive)) continue;
      throw new DefinitionError({
        happened: `Column "${name}" can have no value: its min (${least.value}) is above its max (${most.value}), or both are one value that is not allowed.`,
        next: 'Correct one of them; every integer type has a smallest and a largest value of its own.',
      });
    }
  }
}

function requireLengths({ name, rules }: Column): void {
  const least = Math.max(0, ...rules.map((each) => (each.rule === 'min-length' ? each.length : 0)));
  const most = Math.min(...rules.map((each) => (each.rule === 'max-length' ? each.length : Infinity)));
  if (least <= most) return;
  throw new DefinitionError({
    happened: `Column "${name}" can have no value: its shortest length (${least}) is above its longest (${most}).`,
    next: 'Correct one of them.',
  });
}

/** `''` is a null text only where it stands unquoted, so that it contradicts no value. */
function requireTellableNulls({ name, nullTexts, rules }: Column, type: ScalarType): void {
  const values = [
    ...rules.flatMap((each) => (each.rule === 'enum' ? each.values : [])),
    ...(type.name === 'boolean' ? [...type.trueTexts, ...type.falseTexts] : []),
  ];
  const both = nullTexts.find((text) => values.includes(text) && (text !== '' || type.name === 'boolean'));
  if (both === undefined) return;
  throw new DefinitionError({
    happened: `Column "${name}" has ${JSON.stringify(both)} among its nullTexts and among its values.`,
    next: 'Take it out of one of them; nullTexts: [] means that no text is null.',
  });
}

/** @throws DefinitionError when what a column says of itself cannot all be meant */
export function refuseContradictions(column: Column): void {
  requireLengths(column);
  if (isNested(column.type)) return;
  requireBounds(column, column.type);
  requireTellableNulls(column, column.type);
}
