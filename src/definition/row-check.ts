import type { z } from 'zod';
import { DefinitionError } from '../errors';
import type { Columns } from './column-registry';

/** A row as TypeScript sees it: 64-bit integers are `bigint`; decimals, dates, timestamps and bytes are canonical text. */
export type Row<C extends Columns> = { readonly [K in keyof C]: z.output<C[K]> };

/** What a row must be as a whole, beyond what its columns say one by one. */
export interface RowCheck<C extends Columns> {
  /** Names the finding; no other check of the table has it. */
  name: string;
  /** Whose values the report shows for the first rows that fail; never those of sensitive columns. @default none */
  columns?: readonly (keyof NoInfer<C> & string)[];
  /** Whether the row is right. It is asked only of rows whose columns have all passed. */
  check: (row: Row<NoInfer<C>>) => boolean;
  /** What is expected of a row, for whoever has to mend the file. */
  message?: string;
}

/** A row check as the stages see it. */
export interface DeclaredRowCheck {
  name: string;
  columns: readonly string[];
  check: (row: Readonly<Record<string, unknown>>) => unknown;
  message: string | undefined;
}

/** @throws DefinitionError when two checks have one name */
export function readRowChecks(where: string, checks: readonly RowCheck<Columns>[] = []): DeclaredRowCheck[] {
  const names = checks.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) {
    throw new DefinitionError({
      happened: `${where}: two rowChecks have the name "${twice}".`,
      next: 'Give each a name of its own: findings are told apart by it.',
    });
  }
  return checks.map(({ name, columns = [], check, message }) => ({ name, columns, check, message }));
}
