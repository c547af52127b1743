import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ABSENT, History, toAnswer, withDelivery, type Answer } from './history';
import { nameFault } from './judge';
import { MUTANTS } from './mutant-list';
import { publishedColumns, rowsOf, TABLES } from './tables';

const ALL = [...TABLES];

/** Two deliveries published one after the other, and a third with a release that is under way. */
function threePublishes(): History {
  const history = new History();
  for (const landed of [[ALL], [ALL, ALL]]) {
    history.begin(withDelivery(landed, 0));
    history.complete();
  }
  history.begin(withDelivery([ALL, ALL, ALL], 1));
  return history;
}

const answer = (deliveries: readonly number[], release: number): Answer => ({
  ...toAnswer(deliveries.flatMap((delivery) => rowsOf('orders', delivery))),
  ...{ firstRelease: String(release), lastRelease: String(release) },
});

test('what was published last, or is being published, may be seen', () => {
  const history = threePublishes();
  expect(history.find('orders', answer([1, 2], 0), 2)).toBe(2);
  expect(history.find('orders', answer([1, 2, 3], 1), 2)).toBe(3);
});

test.each([
  ['missing', ABSENT],
  ['back', answer([1], 0)],
  ['doubled', { ...answer([1, 2], 0), ...toAnswer([...rowsOf('orders', 1), ...rowsOf('orders', 1)]) }],
  ['mixed', { ...answer([1, 2], 0), lastRelease: '1' }],
  ['mixed', answer([1, 2, 3], 0)],
  ['mixed', { ...answer([1, 2], 0), columns: publishedColumns('orders', 1).join(' ') }],
  ['lost', answer([2], 0)],
])('what must not be seen is %s', (fault, seen) => {
  const history = threePublishes();
  expect(history.find('orders', seen, 2)).toBeUndefined();
  expect(nameFault(history, 'orders', seen, 2)).toBe(fault);
});

test('after a rollback what was before is seen again', () => {
  const history = threePublishes();
  history.complete();
  expect(history.find('orders', answer([1, 2], 0), 3)).toBeUndefined();
  history.begin(history.publishOf(2));
  expect(history.find('orders', answer([1, 2], 0), 3)).toBe(4);
});

test.each(MUTANTS.map((mutant) => ({ ...mutant })))(
  'what is done instead of "$guard" stands in its file once',
  ({ file, from }) => {
    expect(readFileSync(join(__dirname, '..', '..', file), 'utf8').split(from)).toHaveLength(2);
  },
);
