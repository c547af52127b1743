import fc from 'fast-check';
import type { z } from 'zod';
import { column } from '../../src/definition/column';
import { judge } from './judge';

const RUNS = { numRuns: 300 };

/** Texts that are often, but not always, numbers of about the right size. */
const numberTexts = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }).map(String),
  fc.double().map(String),
  fc.tuple(fc.integer({ min: -999, max: 999 }), fc.nat(99999)).map(([whole, places]) => `${whole}.${places}`),
  fc.string({ unit: fc.constantFrom('0', '1', '9', '-', '+', '.', 'e', ' '), maxLength: 6 }),
);

/** Those of the texts on which compiled checks and zod, given the decoded value, do not agree. */
function disagreements(
  schema: z.ZodType,
  texts: fc.Arbitrary<string>,
  decode: (text: string) => unknown,
): string[] {
  const found: string[] = [];
  fc.assert(
    fc.property(texts, (text) => {
      const accepted = !judge(schema, text)?.startsWith('(');
      if (accepted !== schema.safeParse(decode(text)).success) found.push(text);
      return found.length === 0;
    }),
    RUNS,
  );
  return found;
}

const PLAIN_INTEGER = /^-?(0|[1-9][0-9]*)$/;
const PLAIN_NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

describe('compiled checks and zod on the decoded value give the same verdict', () => {
  it.each([
    ['int8', column.int8().min(-5).max(100)],
    ['int16', column.int16().gt(-300).lt(300)],
    ['int32', column.int32().min(-70_000).nonnegative()],
  ])('%s', (_name, schema) => {
    expect(
      disagreements(schema, numberTexts, (text) => (PLAIN_INTEGER.test(text) ? Number(text) : text)),
    ).toEqual([]);
  });

  it('int64', () => {
    const schema = column
      .int64()
      .min(-(2n ** 62n))
      .lt(2n ** 62n);
    expect(
      disagreements(schema, numberTexts, (text) => (PLAIN_INTEGER.test(text) ? BigInt(text) : text)),
    ).toEqual([]);
  });

  it('float64', () => {
    const schema = column.float64().gte(-0.5).lt(1e20);
    expect(
      disagreements(schema, numberTexts, (text) => (PLAIN_NUMBER.test(text) ? Number(text) : text)),
    ).toEqual([]);
  });

  it('string, with lengths and a pattern', () => {
    const schema = column
      .string({ pattern: /[a-c🎉]*/u, nullTexts: [] })
      .min(1)
      .max(4);
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '🎉', 'x'), maxLength: 6 });
    expect(disagreements(schema, texts, (text) => text)).toEqual([]);
  });

  it('one of', () => {
    const schema = column.oneOf(['a', 'ab', 'b']);
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', ' '), minLength: 1, maxLength: 3 });
    expect(disagreements(schema, texts, (text) => text)).toEqual([]);
  });
});

describe('exact decimals', () => {
  const digits = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
  const toText = (scaled: bigint, scale: number): string => {
    const unsigned = (scaled < 0n ? -scaled : scaled).toString().padStart(scale + 1, '0');
    return `${scaled < 0n ? '-' : ''}${unsigned.slice(0, -scale)}.${unsigned.slice(-scale)}`;
  };

  it('are compared as whole numbers of their last place would be', () => {
    fc.assert(
      fc.property(digits, fc.bigInt({ min: -2n, max: 2n }), (bound, step) => {
        const value = bound + step;
        const schema = column.decimal(38, 6, { min: toText(bound, 6) });
        const expected = value >= bound ? toText(value, 6) : '(min)';
        expect(judge(schema, toText(value, 6))).toBe(expected);
      }),
      RUNS,
    );
  });

  it('near their bound in any length', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -5000, max: 5000 }),
        fc.integer({ min: -5000, max: 5000 }),
        (value, bound) => {
          const schema = column.decimal(38, 3, { max: toText(BigInt(bound), 3) });
          expect(judge(schema, toText(BigInt(value), 3)) === '(max)').toBe(value > bound);
        },
      ),
      RUNS,
    );
  });
});

describe('dates', () => {
  it('are accepted just when the calendar has them', () => {
    const parts = fc.tuple(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
    );
    fc.assert(
      fc.property(parts, ([year, month, day]) => {
        const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        const parsed = new Date(`${text}T00:00:00Z`);
        const real = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
        expect({ text, value: judge(column.date(), text) }).toEqual({ text, value: real ? text : '(type)' });
      }),
      { numRuns: 1000 },
    );
  });
});
