import type { FindingCollector } from '../checks/collect-findings';
import type { CsvFormat } from '../definition/format';
import type { CsvRow } from './scan-csv';

/** Takes the last record away, if it is the trailer that there must be, and holds its count against the rows. */
export async function* checkCsvTrailer(
  batches: AsyncIterable<CsvRow[]>,
  { trailer, delimiter }: Pick<CsvFormat, 'trailer' | 'delimiter'>,
  findings: FindingCollector,
): AsyncGenerator<CsvRow[]> {
  if (trailer === undefined) {
    yield* batches;
    return;
  }
  const { source, flags } = trailer.pattern;
  const pattern = new RegExp(`^(?:${source})$`, flags.replaceAll(/[gy]/g, ''));
  let held: CsvRow | undefined;
  for await (const batch of batches) {
    const rows = held ? [held, ...batch] : batch;
    held = rows.pop();
    if (rows.length > 0) yield rows;
  }
  if (held === undefined) return;
  const match = held.row > 0 && held.fault === undefined ? pattern.exec(held.fields.join(delimiter)) : null;
  if (!match) {
    findings.addToFile('missing-trailer', { expected: `a last record like ${String(trailer.pattern)}` });
    yield [held];
    return;
  }
  const rows = held.row - 1;
  const count = match[1] ?? '';
  if (!/^\d+$/.test(count))
    findings.addToFile('trailer-count', { expected: `${rows}, a number`, received: 'none' });
  else if (BigInt(count) !== BigInt(rows))
    findings.addToFile('trailer-count', { expected: String(rows), received: count });
}
