import type { Answer, History } from './history';
import type { TableName } from './tables';

/** What a reader must never meet. */
export const FAULTS = ['missing', 'mixed', 'doubled', 'lost', 'back', 'errors'] as const;
export type Fault = (typeof FAULTS)[number];

/** @param from the earliest publish that this reader may still see; the answer is of none from there on */
export function nameFault(history: History, table: TableName, answer: Answer, from: number): Fault {
  if (answer['table'] === 'absent') return 'missing';
  if (history.find(table, answer, 0) !== undefined) return 'back';
  if (answer['rows'] !== answer['ids']) return 'doubled';
  if (answer['firstRelease'] !== answer['lastRelease']) return 'mixed';
  const { columns: _c, declared: _d, firstRelease: _f, lastRelease: _l, ...rows } = answer;
  // The rows of one publish with the columns, or the release, of another.
  return history.find(table, rows, from) === undefined ? 'lost' : 'mixed';
}

/** In words, for whoever looks for the cause. */
export const describeFault = (
  history: History,
  { table, answer, from, fault }: { table: TableName; answer: Answer; from: number; fault: Fault },
): string =>
  `${fault}: table ${table} gave ${JSON.stringify(answer)}; publishes ${from} to ${history.begun} could be seen, the last as ${JSON.stringify(history.expectedNow(table))}`;
