import { isDeepStrictEqual } from 'node:util';
import type { CatalogueTable } from '../../../adapters/catalogue';
import type { ObjectStore } from '../../../adapters/object-store';
import { findPipeline } from '../../../definition/load-pipelines';
import type { Pipeline } from '../../../definition/pipeline';
import { ReaderCheckError } from '../../../errors';
import type { DeliveryRef } from '../../../layout/delivery';
import { mapWithLimit } from '../../../map-with-limit';
import { cancellationSignal } from '../../context';
import { readCurations } from '../../curated/plan-curation';
import { snapshotOf } from '../../curated/published-parts';
import { requireSnapshot } from '../../curated/snapshot-record';
import type { Dependencies } from '../../dependencies';
import { declarePlanned } from '../declare-planned';
import { askTable, describeShortcoming, type TableCheck } from './ask-table';
import { findTableCheck, recordPassed, recordWanting } from './check-records';
import { requireStillThere, whileDeclared } from './checking-database';
import { expectTable } from './expectations';

/** Athena lets some tens of queries run at once for a whole account. */
const QUERIES_AT_ONCE = 4;
const MOST_SHOWN = 5;

/**
 * Asks Athena about each table that is about to be published otherwise than it is, before anything of the published
 * database moves. Tables are declared for it in a database of their own, and dropped again.
 * @returns how many tables changed
 * @throws ReaderCheckError naming every table that is wanting
 */
export const checkAsReader =
  (dependencies: Dependencies) =>
  async (delivery: DeliveryRef): Promise<{ checked: number }> => {
    const { pipelines, store, catalogue, version } = dependencies;
    const pipeline = findPipeline(pipelines, delivery.pipeline);
    const { readerCheck } = pipeline;
    if (!readerCheck) return { checked: 0 };
    const signal = cancellationSignal();
    const planned = await readCurations(dependencies, pipeline);
    const { tables } = await declarePlanned(dependencies, pipeline, planned);
    const published = await catalogue.readDatabase(pipeline.database, { signal });
    const changed = tables.filter((table) => !isReadAlike(published?.tables, table));
    const waiting: CatalogueTable[] = [];
    for (const table of changed)
      if (!(await findTableCheck(store, pipeline, table.name))) waiting.push(table);
    await whileDeclared(catalogue, pipeline, readerCheck, { tables: waiting, signal }, async (declared) => {
      const answers = await mapWithLimit(declared, QUERIES_AT_ONCE, async ({ name, published: table }) => {
        const record = await requireSnapshot(store, pipeline, table.name, snapshotOf(table) ?? '');
        const expected = expectTable(pipeline, planned, table, record, { ...delivery, version });
        // All are asked, whatever becomes of one: what is wrong is told at once.
        return orFailure(askTable(dependencies.queries, readerCheck, name, expected, signal));
      });
      await requireStillThere(catalogue, readerCheck, declared, signal);
      await judge(store, pipeline, delivery, answers);
    });
    return { checked: changed.length };
  };

type Answer = { check: TableCheck } | { failure: unknown };

const orFailure = (asked: Promise<TableCheck>): Promise<Answer> =>
  asked.then(
    (check) => ({ check }),
    (failure: unknown) => ({ failure }),
  );

async function judge(
  store: ObjectStore,
  pipeline: Pipeline,
  delivery: DeliveryRef,
  answers: readonly Answer[],
): Promise<void> {
  const checks = answers.flatMap((answer) => ('check' in answer ? [answer.check] : []));
  const wanting = checks.filter(({ shortcomings }) => shortcomings.length > 0);
  for (const check of checks) if (!wanting.includes(check)) await recordPassed(store, pipeline, check);
  if (wanting.length > 0)
    throw foundWanting(pipeline, delivery, wanting, await recordWanting(store, pipeline, wanting));
  const unanswered = answers.find((answer) => 'failure' in answer);
  if (unanswered) throw unanswered.failure;
}

/** Whether its readers see the same rows in the same columns, whatever else is declared of it. */
function isReadAlike(published: readonly CatalogueTable[] = [], table: CatalogueTable): boolean {
  const before = published.find(({ name }) => name === table.name);
  const typed = ({ columns, location }: CatalogueTable): unknown => [
    location,
    columns.map(({ name, type }) => [name, type]),
  ];
  return before !== undefined && isDeepStrictEqual(typed(before), typed(table));
}

function foundWanting(
  { name, areas }: Pipeline,
  { fileLandTimestamp }: DeliveryRef,
  wanting: readonly TableCheck[],
  record: string,
): ReaderCheckError {
  const shown = wanting.slice(0, MOST_SHOWN).map(({ table, query, shortcomings }) => {
    const words = shortcomings.slice(0, MOST_SHOWN).map(describeShortcoming).join('; ');
    return `table "${table}": ${words} (query ${query})`;
  });
  const more = wanting.length > MOST_SHOWN ? `, and ${wanting.length - MOST_SHOWN} tables more` : '';
  return new ReaderCheckError({
    happened: `Delivery ${fileLandTimestamp} of pipeline "${name}" is not published: through Athena it is not what was written. ${shown.join('. ')}${more}.`,
    unchanged: 'Readers see the former publish, in every table.',
    next: `All of it is in ${record}. Mend what it names (a damaged file of the snapshot may be deleted from s3://${areas.curated}: it is made anew), then run the pipeline again: it goes on from raw-hist.`,
  });
}
