import { isNativeError } from 'node:util/types';
import pl, { type DataType, type Expr, type LazyDataFrame } from 'nodejs-polars';
import { glueType } from '../definition/column-type';
import type { DerivedTable } from '../definition/derived-table';
import type { Column } from '../definition/read-column';
import { TransformError } from '../errors';
import type { derivationErrors } from './derivation-errors';
import { describeType, transformType } from './polars-frame';
import { compareNames } from './run-transform';
import { holdsAsSql, toHeldType } from './sql-types';

type Errors = ReturnType<typeof derivationErrors>;

/**
 * Runs a table's SQL and writes what comes out to a file, so that it is known to be as declared before anything is made of
 * it: all its columns and no others, of their types, every value one that its column can hold.
 * @param frames what SQL sees, by name
 * @throws TransformError when the SQL failed, or gave something else
 */
export async function runSql(
  frames: Readonly<Record<string, LazyDataFrame>>,
  table: DerivedTable,
  path: string,
  { errors }: { errors: Errors },
): Promise<LazyDataFrame> {
  const { curatedColumns: columns } = table;
  try {
    const selected = understand(pl.SQLContext({ ...frames }).execute(table.sql), errors);
    const { missing, extra } = compareNames(selected, columns);
    if (missing.length > 0 || extra.length > 0) throw errors.wrongColumns(missing, extra);
    await selected
      .select(...columns.map(({ name }) => pl.col(name)))
      .sinkParquet(path, { maintainOrder: true })
      .collect();
    const made = pl.scanParquet(path);
    await requireTypes(made, columns, errors);
    await requireValues(made, table, errors);
    await requireKey(made, table, errors);
    return made.select(...columns.map(toHeldType));
  } catch (error) {
    throw error instanceof TransformError ? error : errors.failed(error);
  }
}

/** nodejs-polars does not throw what SQL is refused with: it gives a frame that has it inside. */
function understand(selected: LazyDataFrame, errors: Errors): LazyDataFrame {
  const { _ldf: inner } = selected as unknown as { _ldf: unknown };
  if (isNativeError(inner)) throw errors.notUnderstood(inner);
  return selected;
}

async function requireTypes(made: LazyDataFrame, columns: readonly Column[], errors: Errors): Promise<void> {
  const types = (await made.limit(0).collect()).schema as Record<string, DataType>;
  const wrong = columns.flatMap(({ name, type }) => {
    const given = types[name] as DataType;
    if (holdsAsSql(given, type)) return [];
    return [{ name, given: describeType(given), declared: describeType(transformType(type)) }];
  });
  if (wrong.length > 0) throw errors.wrongTypes(wrong);
}

async function requireValues(
  made: LazyDataFrame,
  { curatedColumns: columns, primaryKey }: DerivedTable,
  errors: Errors,
): Promise<void> {
  const nullsOf = (of: Expr, alias: string): Expr => of.nullCount().alias(alias);
  const counts = await made
    .select(
      ...columns.flatMap((column, place) => [
        nullsOf(pl.col(column.name), `given-${place}`),
        nullsOf(toHeldType(column), `held-${place}`),
      ]),
    )
    .collect();
  const countOf = (name: string): number => Number(counts.getColumn(name).get(0));
  for (const [place, { name, nullable, type }] of columns.entries()) {
    const [given, held] = [countOf(`given-${place}`), countOf(`held-${place}`)];
    if (held > given) throw errors.tooLarge(name, held - given, glueType(type));
    if (given > 0 && (!nullable || primaryKey.includes(name))) throw errors.nulls(name, given);
  }
}

async function requireKey(made: LazyDataFrame, { primaryKey }: DerivedTable, errors: Errors): Promise<void> {
  if (primaryKey.length === 0) return;
  const twice = await made
    .groupBy([...primaryKey])
    .agg(pl.len().alias('landfall-rows'))
    .filter(pl.col('landfall-rows').gt(pl.lit(1)))
    .select(pl.len().alias('keys'))
    .collect();
  const count = Number(twice.getColumn('keys').get(0));
  if (count > 0) throw errors.duplicates(primaryKey, count);
}
