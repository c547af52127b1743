import { column } from '../../src/definition/column';
import { definePipeline } from '../../src/definition/define-pipeline';
import { type Pipeline, type Table } from '../../src/definition/pipeline';

/** As somebody writes it whom no compiler stops. */
type Written = Record<string, unknown>;

export const AREAS = {
  land: 'mojap-land',
  rawHist: 'mojap-raw-hist',
  processed: 'mojap-processed',
  curated: 'mojap-curated',
  log: 'mojap-log',
};

/** A small pipeline of one table, with the given keys in place of its own. */
export function pipelineOf(changes: Written, tableChanges: Written = {}): Pipeline {
  const definition = {
    name: 'my-pipeline',
    database: 'my_database',
    environment: 'production-environment',
    areas: AREAS,
    tables: { my_table: { columns: { id: column.string(), day: column.date() }, ...tableChanges } },
    ...changes,
  };
  return definePipeline(definition as unknown as Parameters<typeof definePipeline>[0]);
}

/** Its only table. */
export function tableOf(changes: Written): Table {
  const [table] = pipelineOf({}, changes).tables;
  if (!table) throw new Error('the pipeline has no table');
  return table;
}

/** What a call that must throw says had happened, and what to do. */
export function refusalOf(call: () => unknown): { type: string; happened: string; next: string } {
  try {
    call();
  } catch (error) {
    const { name, happened, next } = error as { name: string; happened: string; next: string };
    return { type: name, happened, next };
  }
  throw new Error('nothing was refused');
}
