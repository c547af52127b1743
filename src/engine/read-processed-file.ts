import { collectFindings } from '../checks/collect-findings';
import { describeFinding } from '../checks/describe-finding';
import type { Column } from '../definition/read-column';
import { jsonLines } from '../definition/format';
import { STRICT_HEADER } from '../definition/header-policy';
import { IntegrityError } from '../errors';
import { measureSource } from './measure-source';
import { readTableRows } from './read-table-rows';
import type { RowBatch } from './row-batch';
import type { TaskContext } from './task-context';
import type { ProcessedFile } from './tasks';
import { unpackSource } from './unpack-source';

/** What Landfall wrote itself was within the table's own bounds. */
const OWN_LINES = jsonLines({ limits: { rowCharacters: Number.MAX_SAFE_INTEGER, depth: 1000 } });

/**
 * The rows of one processed file, proved to be the rows that were processed.
 * @throws IntegrityError, at the end, when the object is missing, or its rows or content are other than recorded
 */
export async function* readProcessedFile(
  file: ProcessedFile,
  columns: readonly Column[],
  { store }: Pick<TaskContext, 'store'>,
): AsyncGenerator<RowBatch> {
  const fail = (happened: string): IntegrityError =>
    new IntegrityError({
      happened: `s3://${file.bucket}/${file.key} ${happened}.`,
      unchanged: 'What is published is as it was.',
      next: 'Reprocess that delivery from raw-hist, then run again.',
    });
  const stored = await store.head(file);
  if (!stored) throw fail('is not there, though it was processed');
  const findings = collectFindings('', file.key);
  const body = await store.read(stored);
  // A column that was added since has no values in what was processed before.
  const header = { ...STRICT_HEADER, missing: 'null' as const };
  let rows = 0;
  try {
    const content = measureSource(unpackSource(file.key, body, findings));
    for await (const batch of readTableRows(content, { format: OWN_LINES, header, columns }, findings)) {
      rows += batch.length;
      yield batch;
    }
    const [finding] = findings.list();
    if (finding)
      throw fail(`is not as it was processed: ${describeFinding(finding, rows).replace(/\.$/, '')}`);
    if (rows !== file.rows) throw fail(`has ${rows} rows, but ${file.rows} were processed`);
    if (content.sha256() !== file.contentSha256) throw fail('has other content than was processed');
  } finally {
    body.destroy();
  }
}
