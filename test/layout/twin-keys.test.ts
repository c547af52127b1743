import fc from 'fast-check';
import { foldKey } from '../../src/layout/twin-keys';

test.each([
  ['another case', 'Data.csv', 'data.CSV'],
  ['letters composed and not', 'caf\u00e9.csv', 'cafe\u0301.csv'],
  ['the full-width form', '\uff44\uff41ta.csv', 'data.csv'],
  ['a ligature', 'o\ufb03ce.csv', 'office.csv'],
  ['a sharp s', 'straße.csv', 'STRASSE.csv'],
  ['a capital sharp s', 'STRAẞE.csv', 'STRASSE.csv'],
  ['the Greek sigma at an end', 'ΟΔΟΣ.csv', 'οδος.csv'],
  ['a space that does not break', 'my\u00a0data.csv', 'my data.csv'],
  ['two spaces', 'my  data.csv', 'my data.csv'],
  ['a variation selector', 'a\ufe0f.csv', 'a.csv'],
])('names that differ by %s are twins', (_what, one, other) => {
  expect(one).not.toBe(other);
  expect(foldKey(one)).toBe(foldKey(other));
});

test.each([
  ['data-1.csv', 'data-2.csv'],
  ['data.csv', 'data.tsv'],
  ['resume.csv', 'resumé.csv'],
  ['a b.csv', 'ab.csv'],
])('%s and %s are two names', (one, other) => {
  expect(foldKey(one)).not.toBe(foldKey(other));
});

test('folding once is enough, whatever is folded, and every Unicode form of a name folds to the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const folded = foldKey(name);

      expect(foldKey(folded)).toBe(folded);
      for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD']) expect(foldKey(name.normalize(form))).toBe(folded);
    }),
    { numRuns: 2_000, seed: 863946404 },
  );
});
