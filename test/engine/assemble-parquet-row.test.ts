import { assembleRow, LeafRow } from '../../src/engine/assemble-parquet-row';
import type { ParquetPlan } from '../../src/engine/parquet-plan';
import { jsonTextOf } from '../../src/engine/raw-json';

describe('the parts of a nested column', () => {
  const value = (leaf: number, definition: number): ParquetPlan => ({
    kind: 'value',
    leaves: [leaf],
    definition,
  });
  // An optional list of structs with a required and an optional field.
  const plan: ParquetPlan = {
    ...{ kind: 'list', leaves: [0, 1], definition: 1, elementDefinition: 2, repetition: 1 },
    element: {
      ...{ kind: 'struct', leaves: [0, 1], definition: 2 },
      fields: [
        { name: 'a', plan: value(0, 2) },
        { name: 'b', plan: value(1, 3) },
      ],
    },
  };
  type Triplet = readonly [repetition: number, definition: number, text: string | null];
  const leafOf = (...values: readonly Triplet[]): LeafRow => {
    const leaf = new LeafRow();
    for (const each of values) leaf.push(...each);
    return leaf;
  };
  const A = leafOf.bind(undefined, [0, 2, 'x'], [1, 2, 'y']);

  it('are put together where they agree', () => {
    const row = assembleRow(plan, [A(), leafOf([0, 2, null], [1, 3, 'z'])]);
    expect(jsonTextOf(row)).toBe('[{"a":"x","b":null},{"a":"y","b":"z"}]');
    expect(jsonTextOf(assembleRow(plan, [leafOf([0, 1, null]), leafOf([0, 1, null])]))).toBe('[]');
    expect(assembleRow(plan, [leafOf([0, 0, null]), leafOf([0, 0, null])])).toBeNull();
  });

  it.each<[string, LeafRow, LeafRow]>([
    ['fewer elements', A(), leafOf([0, 3, 'z'])],
    ['more elements', A(), leafOf([0, 3, 'z'], [1, 3, 'z'], [1, 3, 'z'])],
    ['no elements', A(), leafOf([0, 1, null])],
    ['nothing where there is an element', A(), leafOf([0, 3, 'z'], [1, 1, null])],
    ['null beside empty', leafOf([0, 1, null]), leafOf([0, 0, null])],
    ['elements beside null', leafOf([0, 0, null]), leafOf([0, 3, 'z'])],
    ['elements beside empty', leafOf([0, 1, null]), leafOf([0, 3, 'z'], [1, 3, 'z'])],
    ['a row that begins inside a list', leafOf([1, 2, 'x']), leafOf([1, 3, 'z'])],
    ['a level deeper than there is', leafOf([0, 2, 'x'], [2, 2, 'y']), leafOf([0, 3, 'z'], [2, 3, 'z'])],
  ])('are refused where they do not: %s', (_words, a, b) => {
    expect(() => assembleRow(plan, [a, b])).toThrow('do not agree');
  });
});
