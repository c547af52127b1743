import type { Table } from '../definition/pipeline';
import { DefinitionError } from '../errors';

/** The landed file that a parser reads. */
export interface ParsedFile {
  pipeline: string;
  table: string;
  /** Its name, as it landed. */
  file: string;
}

/** A parser gives what it never may, whatever is in the file. */
export const parserError = ({ table, file }: ParsedFile, happened: string): DefinitionError =>
  new DefinitionError({
    happened: `The parser of table "${table}", on file "${file}", ${happened}.`,
    unchanged: 'The file is as it was.',
    next: 'Mend the parser: it yields what row() and reject() make, with the texts that stand in the file, or null, and converts nothing.',
  });

/** How a parser failed, in words; its own only where they cannot hold a value that must not get out. */
export function describeParserFailure(
  cause: unknown,
  rows: number,
  columns: Pick<Table, 'columns'>['columns'],
): string {
  const after = `after ${rows} ${rows === 1 ? 'row' : 'rows'}`;
  if (columns.some(({ sensitive }) => sensitive))
    return `${after} (its message is kept back, since the table has sensitive columns)`;
  const message = cause instanceof Error || isErrorLike(cause) ? cause.message : String(cause);
  return `${after}: ${message}`;
}

/** By shape: where contexts are mixed (as Jest does), errors are of another `Error`. */
const isErrorLike = (cause: unknown): cause is { message: string } =>
  typeof cause === 'object' && cause !== null && 'message' in cause && typeof cause.message === 'string';
