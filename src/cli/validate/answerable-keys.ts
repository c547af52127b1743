import type { ForeignKey } from '../../definition/foreign-key';
import type { Pipeline } from '../../definition/pipeline';

function whyUnanswerable(
  { in: scope, references }: ForeignKey,
  given: ReadonlySet<string>,
  isWhole: boolean,
): string | undefined {
  const { table } = references;
  if (scope !== 'delivery') return `of table ${table} as it is published, which only a run looks at`;
  return isWhole || given.has(table) ? undefined : `of table ${table}, of which no file was given`;
}

/**
 * The pipeline with only those foreign keys that can be answered from the files that were given, and in words the
 * others of the tables that have files.
 */
export function keepAnswerableKeys(
  pipeline: Pipeline,
  given: ReadonlySet<string>,
  isWhole: boolean,
): { pipeline: Pipeline; notChecked: string[] } {
  const notChecked: string[] = [];
  const tables = pipeline.tables.map((table) => {
    const foreignKeys = table.foreignKeys.filter((key) => {
      const why = whyUnanswerable(key, given, isWhole);
      if (why !== undefined && given.has(table.name))
        notChecked.push(
          `whether every ${key.columns.join(', ')} of table ${table.name} is a ${key.references.columns.join(', ')} ${why}`,
        );
      return why === undefined;
    });
    return { ...table, foreignKeys };
  });
  return { pipeline: { ...pipeline, tables }, notChecked };
}
