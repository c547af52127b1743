import { DefinitionError } from '../errors';
import type { Columns } from './column';
import type { CurationSource } from './curation';
import type { TableDefinition } from './table';

type Definition = TableDefinition<Columns, Columns>;

/** What is done once, when a file is processed, and so cannot be done to what is not processed. */
function whyProcessed({
  transform,
  format,
  rejects,
  processed,
  mode,
  curated,
}: Definition): [what: string, next: string] | undefined {
  if (transform)
    return [
      'transform, which makes what is processed of what landed',
      'Leave the transform out (curated.transform can change rows whenever they are curated)',
    ];
  if (format && 'parse' in format)
    return [
      'a parser of its own, which would run each time that rows are curated, and not once for each file',
      'Leave the format to one that Landfall reads',
    ];
  if (rejects)
    return [
      'rejects, which are kept, with their reasons, when a file is processed',
      'Leave rejects out, so that every row must pass',
    ];
  if (processed) return ['processed, of which the table would have nothing', 'Leave processed out'];
  if (mode === 'delta' && curated?.upsert !== undefined)
    return [
      "curated.upsert in mode 'delta', which go together only of what is processed",
      "Take mode 'rebuild', which keeps nothing but raw-hist either",
    ];
  return undefined;
}

/**
 * Reads which area curated is made of.
 * @throws DefinitionError where the table asks for what is done in processed alone
 */
export function readSource(where: string, definition: Definition): CurationSource {
  const source = definition.curated?.source ?? 'processed';
  const why = source === 'raw-hist' ? whyProcessed(definition) : undefined;
  if (!why) return source;
  throw new DefinitionError({
    happened: `${where}: curated.source is 'raw-hist', so that nothing of the table is processed, and it has ${why[0]}.`,
    next: `${why[1]}, or take curated.source 'processed'.`,
  });
}
