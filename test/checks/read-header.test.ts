import { collectFindings } from '../../src/checks/collect-findings';
import { describeFinding } from '../../src/checks/describe-finding';
import { describeFindings } from '../../src/checks/describe-findings';
import { readHeader } from '../../src/checks/read-header';
import { column } from '../../src/definition/column';
import { STRICT_HEADER, type HeaderPolicy } from '../../src/definition/header-policy';
import { readColumn } from '../../src/definition/read-column';

const COLUMNS = [
  readColumn('id', column.int64()),
  readColumn('name', column.string({ header: 'Full Name', alias: ['Name', 'nom'] })),
  readColumn('postcode', column.string().nullable()),
];
const HEADER = ['id', 'Full Name', 'postcode'];

function read(header: readonly string[], policy: Partial<HeaderPolicy> = {}) {
  const findings = collectFindings('cases', 'land/cases.csv');
  const places = readHeader(header, COLUMNS, { ...STRICT_HEADER, ...policy }, findings);
  return {
    places,
    found: findings
      .list()
      .map(({ code, column: name, looksLike }) => [code, name, looksLike].filter(Boolean).join(' ')),
    words: describeFindings(findings.list(), () => undefined),
    sentences: findings.list().map((finding) => describeFinding(finding)),
  };
}

describe('read-header', () => {
  test.each<[string, string[], Partial<HeaderPolicy>, (number | null)[]]>([
    ['in any order, under their headers', ['postcode', 'Full Name', 'id'], {}, [2, 1, 0]],
    ['in the declared order', HEADER, { order: 'declared' }, [0, 1, 2]],
    ['under another name', ['nom', 'id', 'postcode'], {}, [1, 0, 2]],
    ['with case ignored', ['ID', 'NOM', 'PostCode'], { case: 'ignore' }, [0, 1, 2]],
    ['without one that may be null', ['id', 'Full Name'], { missing: 'null' }, [0, 1, null]],
    ['beside others', ['x', 'id', 'y', 'Full Name', 'postcode'], { extra: 'ignore' }, [1, 3, 4]],
    [
      'in order beside others',
      ['x', 'id', 'y', 'Full Name'],
      { order: 'declared', extra: 'ignore', missing: 'null' },
      [1, 3, null],
    ],
  ])('finds columns %s', (_how, header, policy, places) => {
    expect(read(header, policy)).toMatchObject({ places, found: [] });
  });

  test.each<[string, string[], Partial<HeaderPolicy>, string[]]>([
    ['another case', ['ID', 'Full Name', 'postcode'], {}, ['missing-column id ID', 'unknown-column ID id']],
    ['a missing one', ['id', 'Full Name'], {}, ['missing-column postcode']],
    ['a missing one that is not nullable', ['id', 'postcode'], { missing: 'null' }, ['missing-column name']],
    ['an extra one', [...HEADER, 'x'], {}, ['unknown-column x']],
    ['an empty name', [...HEADER, ''], {}, ['unknown-column']],
    ['one twice', [...HEADER, 'id'], {}, ['duplicate-column id']],
    ['one under two of its names', [...HEADER, 'nom'], {}, ['duplicate-column name']],
    ['one twice but for case', [...HEADER, 'Id'], { case: 'ignore' }, ['duplicate-column id']],
    ['an ignored one twice', [...HEADER, 'x', 'x'], { extra: 'ignore' }, ['duplicate-column x']],
    ['another order', ['id', 'postcode', 'Full Name'], { order: 'declared' }, ['column-order']],
    // Both allowances together must not turn a renamed column into nulls.
    [
      'a renamed one where missing and extra ones are allowed',
      ['id', 'Full Name', 'Post Code'],
      { missing: 'null', extra: 'ignore' },
      ['missing-column postcode Post Code'],
    ],
  ])('refuses %s', (_what, header, policy, found) => {
    expect(read(header, policy).found).toEqual(found);
  });

  test('tells all of it at once, as a diff that a person can act on', () => {
    expect(read(['Postcode', 'id', 'nom', 'id', 'ward'], { order: 'declared' }).words).toEqual([
      [
        'land/cases.csv has another header than declared:',
        '    ! more than once: "id" (column 2) and "id" (column 4)',
        '    ~ renamed? "Postcode" looks like "postcode": correct it, or allow it with header or alias',
        '    + "ward" (column 5)',
      ].join('\n'),
    ]);
    expect(read(['nothing', 'alike']).words[0]).toBe(
      [
        'land/cases.csv has another header than declared:',
        '    - "id"',
        '    - "Full Name" or "Name" or "nom"',
        '    - "postcode"',
        '    + "nothing" (column 1)',
        '    + "alike" (column 2)',
      ].join('\n'),
    );
  });

  test('tells a single difference in a sentence', () => {
    expect(read(['id', 'postcode', 'Full Name'], { order: 'declared' }).words).toEqual([
      'land/cases.csv has its columns in another order: expected "Full Name" as column 2, found "postcode".',
    ]);
    expect(read(['id', 'Full Name', 'Postcode']).sentences).toEqual([
      'land/cases.csv lacks column "postcode" ("postcode" in the header; its "Postcode" looks like it).',
      'land/cases.csv has an unknown column "Postcode" (column 3; it looks like "postcode").',
    ]);
  });

  test('stays small whatever names a file has', () => {
    const header = Array.from({ length: 20_000 }, (_, index) => `column ${index} ${'x'.repeat(300)}`);
    const { words, found } = read(header);
    expect(found.length).toBeLessThan(110);
    expect(words.join('').length).toBeLessThan(10_000);
  });
});
