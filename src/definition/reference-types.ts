import type { z } from 'zod';
import type { Columns } from './column';
import type { ForeignKey } from './foreign-key';
import type { CheckedTable, KnownOf } from './table';

/** What a value of the column is to TypeScript, however narrow. */
type KindOf<S> = S extends z.ZodType
  ? NonNullable<z.output<S>> extends infer V
    ? V extends string
      ? 'text'
      : V extends bigint
        ? 'bigint'
        : V extends number
          ? 'number'
          : V extends boolean
            ? 'boolean'
            : 'other'
    : never
  : never;

/** Column by column: `ok`, or what is wrong with the first that is. */
type ComparePairs<
  Own extends Columns,
  Other extends Columns,
  L extends readonly string[],
  R extends readonly string[],
> = L extends readonly [infer A extends string, ...infer As extends readonly string[]]
  ? R extends readonly [infer B extends string, ...infer Bs extends readonly string[]]
    ? B extends keyof Other & string
      ? KindOf<Own[A]> extends KindOf<Other[B]>
        ? ComparePairs<Own, Other, As, Bs>
        : `column '${A}' has another type than the '${B}' it references`
      : `there is no column '${B}' to reference`
    : 'a foreign key references fewer columns than it has'
  : R extends readonly []
    ? 'ok'
    : L extends readonly []
      ? 'a foreign key references more columns than it has'
      : 'ok';

/** Once for each place where the key looks. */
type CompareKey<Own extends Columns, Other extends CheckedTable, F extends ForeignKey> =
  | (F['in'] extends 'published'
      ? 'ok'
      : ComparePairs<Own, KnownOf<Other>['landed'], F['columns'], F['references']['columns']>)
  | (F['in'] extends 'delivery'
      ? 'ok'
      : ComparePairs<Own, KnownOf<Other>['curated'], F['columns'], F['references']['columns']>);

type JudgeKey<T extends Readonly<Record<string, CheckedTable>>, Own extends Columns, F> = F extends ForeignKey
  ? string extends F['references']['table']
    ? 'ok'
    : F['references']['table'] extends infer N extends keyof T & string
      ? CompareKey<Own, T[N], F>
      : `there is no table '${F['references']['table']}' to reference`
  : never;

type WrongKeys<T extends Readonly<Record<string, CheckedTable>>, K extends keyof T> = Exclude<
  JudgeKey<T, KnownOf<T[K]>['landed'], KnownOf<T[K]>['foreignKeys'][number]>,
  'ok'
>;

/** Nothing for a table whose foreign keys fit the other tables; otherwise a text that no table is, which says why. */
export type ReferencesOf<T extends Readonly<Record<string, CheckedTable>>> = {
  readonly [K in keyof T]: [WrongKeys<T, K>] extends [never] ? unknown : WrongKeys<T, K>;
};
