import { describeFinding } from '../../src/checks/describe-finding';
import type { Finding } from '../../src/checks/finding';
import { judgeDelivery } from '../../src/checks/judge-delivery';
import type { ForeignKey } from '../../src/definition/foreign-key';

const key = (table: string, scope: ForeignKey['in']): ForeignKey => ({
  columns: ['x'],
  references: { table, columns: ['id'] },
  in: scope,
});
const TABLES = [
  { name: 'courts', foreignKeys: [] },
  { name: 'hearings', foreignKeys: [key('cases', 'either')] },
  { name: 'cases', foreignKeys: [key('courts', 'delivery')] },
  { name: 'judges', foreignKeys: [key('courts', 'published')] },
];
const found: Finding = { code: 'type', table: 'courts', file: 'c.csv', column: 'id', count: 1, samples: [] };
const judge = (allMustPass: boolean, tables = TABLES) =>
  judgeDelivery([found], tables, { allMustPass, isAccepted: false });

test('a table is left out with the rows of this delivery that it refers to, and what refers to it in turn', () => {
  const { leftOut, findings } = judge(false);
  expect(leftOut).toEqual(['courts', 'hearings', 'cases']);
  expect(findings.map(({ code, table }) => `${code} ${table ?? ''}`)).toEqual([
    'type courts',
    'reference-left-out cases',
    'reference-left-out hearings',
  ]);
  expect(describeFinding(findings[1] as Finding)).toBe(
    'Table cases refers by x to rows of table courts, of which nothing of this delivery moves on.',
  );
});

test('where all must pass nothing follows, since nothing moves on', () => {
  expect(judge(true)).toMatchObject({ leftOut: 'all', findings: [found] });
});

test('a table that did not land leaves nobody out', () => {
  const others = TABLES.filter(({ name }) => name !== 'cases');
  expect(judge(false, others).leftOut).toEqual(['courts']);
});
