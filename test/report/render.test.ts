import { describeFinding } from '../../src/checks/describe-finding';
import { renderDigest } from '../../src/report/render-digest';
import { renderPage } from '../../src/report/render-page';
import { headline, summarizeRefusal } from '../../src/report/summarize';
import { fileCheck, finding, reportOn } from './reported';

const LOCATIONS = { report: 's3://log/validation.json', page: 's3://log/validation.html' };
const HOSTILE = '"><script>alert(1)</script>`](javascript:x)*_\u001b[31m\u202e\n# h';
const hostile = reportOn(
  [
    fileCheck({
      file: `land/${HOSTILE}.csv`,
      findings: [
        finding({ expected: HOSTILE, samples: [{ row: 1, line: 2, value: HOSTILE }] }),
        finding({ code: 'unknown-column', column: HOSTILE, received: HOSTILE, samples: [] }),
      ],
    }),
  ],
  [{ code: 'unsafe-key', file: HOSTILE, received: HOSTILE, count: 1, samples: [] }],
);

describe('the page', () => {
  const page = renderPage(hostile);

  it('has no markup but its own, whatever names and values hold', () => {
    expect(page).not.toMatch(/<script|<img|javascript:x\)"|\son\w+=/i);
    expect(page).not.toContain('"><script');
    // eslint-disable-next-line no-control-regex -- it must have none
    expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(page).toContain('&quot;&gt;&lt;script&gt;');
    const known =
      /^(!doctype|html|head|meta|title|style|body|main|h[123]|p|dl|div|dt|dd|table|caption|thead|tbody|tr|th|td|span|code|ul|li)$/;
    for (const [, tag = ''] of page.matchAll(/<\/?([^\s>]+)/g)) expect(tag).toMatch(known);
  });

  it('loads nothing, says its language, and heads every column', () => {
    expect(page).toContain("default-src 'none'");
    expect(page).toMatch(/^<!doctype html>\n<html lang="en-GB">/);
    expect(page).not.toMatch(/(src|href)=|url\(|@import/);
    expect(page.match(/<table>/g)?.length).toBe(page.match(/<caption>/g)?.length);
    expect(page).not.toMatch(/<th>/);
  });

  it('has failed checks before files, and failed files before those that passed', () => {
    const words = renderPage(
      reportOn([fileCheck({ file: 'good.csv' }), fileCheck({ file: 'bad.csv', findings: [finding({})] })]),
    );
    const places = [
      'Failed checks',
      '<h2>Files',
      '>bad.csv<',
      '>good.csv<',
      '<h2>Findings',
      '<h2>All checks',
    ];
    const found = places.map((place) => words.indexOf(place));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found[0]).toBeGreaterThan(0);
    expect(words).toContain('1 of 2 files failed 1 check.');
  });

  it('of a passed delivery says so', () => {
    const words = renderPage(reportOn([fileCheck({})]));
    expect(words).toContain('✓ Passed');
    expect(words).toContain('1 file passed all checks (4 rows).');
    expect(words).not.toContain('Failed checks');
  });

  it('stays small for very many files', () => {
    const files = Array.from({ length: 10_000 }, (_, index) =>
      fileCheck({ file: `f${index}`, findings: [finding({})] }),
    );
    const words = renderPage(reportOn(files));
    expect(words.length).toBeLessThan(2_000_000);
    expect(words).toContain('And 9,000 more files, which the JSON has.');
    expect(words).toContain('And 9,000 more findings, which the JSON has.');
  });
});

describe('the digest', () => {
  it('escapes what markdown or a terminal would act on', () => {
    const digest = renderDigest(
      headline(hostile),
      summarizeRefusal(hostile, LOCATIONS),
      'Nothing was moved.',
    );
    expect(digest).not.toMatch(/(?<!\\)[<>*_`[\]()#](?<!\*\*)(?=script|javascript)/);
    expect(digest).toContain(String.raw`\<script\>alert\(1\)\<\/script\>`);
    expect(digest).not.toContain('\u001b');
    expect(digest.split('\n').filter((line) => line.startsWith('#'))).toEqual([]);
  });

  it('says what failed, how often, what was asked for, where first, and where the report is', () => {
    const report = reportOn([
      fileCheck({}),
      fileCheck({ file: 'land/orders-data/b.csv', findings: [finding({ count: 2 })] }),
    ]);
    expect(
      renderDigest(headline(report), summarizeRefusal(report, LOCATIONS), 'Nothing was moved.').replaceAll(
        '\\',
        '',
      ),
    ).toBe(
      [
        '**1 of 2 files failed 1 check.** Nothing was moved.',
        '- **orders**, column **id**: type failed in 1 file, 2 rows (25 %). Expected a whole number. First: b.csv, line 2: "banana"',
        'Report: `s3://log/validation.html`',
      ].join('\n\n'),
    );
  });

  it('and what a history holds of a refusal are bounded in bytes', () => {
    const wide = '\u{1f600}'.repeat(400);
    const findings = Array.from({ length: 150 }, (_, index) =>
      finding({ column: `${wide}${index}`, expected: wide, samples: [{ row: 1, line: 1, value: wide }] }),
    );
    const report = reportOn([fileCheck({ file: wide, findings })]);
    const refusal = summarizeRefusal(report, LOCATIONS);
    expect(Buffer.byteLength(JSON.stringify(refusal))).toBeLessThan(20_000);
    expect(Buffer.byteLength(renderDigest(headline(report), refusal, 'Nothing was moved.'))).toBeLessThan(
      40_000,
    );
    expect(refusal.checks.length + refusal.moreChecks).toBe(150);
    expect(refusal.moreChecks).toBeGreaterThan(100);
  });
});

test('a sentence on a finding has no character that acts on a terminal', () => {
  for (const each of hostile.findings) expect(describeFinding(each)).not.toMatch(/\p{Cc}/u);
});
