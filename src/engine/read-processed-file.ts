import type { Readable } from 'node:stream';
import { collectFindings } from '../checks/collect-findings';
import { describeFinding } from '../checks/describe-finding';
import type { Column } from '../definition/read-column';
import { jsonLines } from '../definition/format';
import { STRICT_HEADER } from '../definition/header-policy';
import { DefinitionError, IntegrityError } from '../errors';
import { measureSource } from './measure-source';
import { readTableRows } from './read-table-rows';
import type { RowBatch } from './row-batch';
import type { ProcessedFile } from './tasks';
import { unpackSource } from './unpack-source';

/** What Landfall wrote itself was within the table's own bounds. */
const OWN_LINES = jsonLines({ limits: { rowCharacters: Number.MAX_SAFE_INTEGER, depth: 1000 } });

/**
 * The rows of one processed file, proved to be the rows that were processed.
 * @throws DefinitionError, at the end, when columns are declared now so that they cannot hold what was processed
 * @throws IntegrityError, at the end, when the object is missing, or its rows or content are other than recorded
 */
export async function* readProcessedFile(
  file: ProcessedFile,
  columns: readonly Column[],
  open: (file: ProcessedFile) => Promise<Readable | undefined>,
): AsyncGenerator<RowBatch> {
  const fail = (happened: string): IntegrityError =>
    new IntegrityError({
      happened: `s3://${file.bucket}/${file.key} ${happened}.`,
      unchanged: 'What is published is as it was.',
      next: 'Reprocess that delivery from raw-hist, then run again.',
    });
  const body = await open(file);
  if (!body) throw fail('is not there, though it was processed');
  const findings = collectFindings('', file.key);
  // A column that was added since has no values in what was processed before; one that is not declared any more is left out.
  const header = { ...STRICT_HEADER, missing: 'null' as const, extra: 'ignore' as const };
  let rows = 0;
  try {
    const content = measureSource(unpackSource(file.key, body, findings));
    for await (const batch of readTableRows(content, { format: OWN_LINES, header, columns }, findings)) {
      rows += batch.length;
      yield batch;
    }
    const [finding] = findings.list();
    if (finding) {
      const words = describeFinding(finding, rows).replace(/\.$/, '');
      if (content.sha256() === file.contentSha256) throw declaredOtherwise(words);
      throw fail(`is not as it was processed: ${words}`);
    }
    if (rows !== file.rows) throw fail(`has ${rows} rows, but ${file.rows} were processed`);
    if (content.sha256() !== file.contentSha256) throw fail('has other content than was processed');
  } finally {
    body.destroy();
  }
}

function declaredOtherwise(words: string): DefinitionError {
  return new DefinitionError({
    happened: `The table is declared otherwise than when its rows were processed, and cannot hold them: ${words}.`,
    unchanged: 'What is published is as it was.',
    next: 'Declare the column so that it holds these values too, or leave it as it was and declare another one beside it: a column that is added is null in earlier rows.',
  });
}
