import type { QueryEngine } from '../../src/adapters/catalogue';
import { ABSENT, toAnswer, type Answer } from './history';
import type { TableName } from './tables';

export interface Asked {
  engine: QueryEngine;
  database: string;
  outputLocation: string;
}

const COUNTED: Readonly<Record<string, string>> = {
  rows: 'count(*)',
  ids: 'count(DISTINCT id)',
  total: 'sum(amount)',
  first: 'min(delivery)',
  last: 'max(delivery)',
  deliveries: 'count(DISTINCT delivery)',
};
const OF_ORDERS = { firstRelease: 'min(release)', lastRelease: 'max(release)' };

/** In one query, so that one answer must be of one publish. @throws LandfallError when it fails, but for a table that is missing */
export async function ask(table: TableName, how: 'counted' | 'whole', asked: Asked): Promise<Answer> {
  try {
    return await (how === 'counted' ? askForCounts(table, asked) : askForAll(table, asked));
  } catch (error) {
    // DuckDB's words, and Trino's.
    if (error instanceof Error && /Table with name \S+ does not exist|TABLE_NOT_FOUND/.test(error.message))
      return ABSENT;
    throw error;
  }
}

async function askForCounts(table: TableName, { engine, ...where }: Asked): Promise<Answer> {
  const counted = { ...COUNTED, ...(table === 'orders' ? OF_ORDERS : {}) };
  const selected = Object.entries(counted).map(([name, sql]) => `${sql} AS "${name}"`);
  const { rows } = await engine.query(`SELECT ${selected.join(', ')} FROM ${table}`, where);
  const values = Object.keys(counted).map((name, place) => [name, String(rows[0]?.[place])]);
  return { table: 'present', ...(Object.fromEntries(values) as Record<string, string>) };
}

async function askForAll(table: TableName, { engine, ...where }: Asked): Promise<Answer> {
  const { columns, rows } = await engine.query(`SELECT * FROM ${table}`, where);
  const names = columns.map(({ name }) => name);
  const numbersOf = (name: string): number[] => rows.map((row) => Number(row[names.indexOf(name)]));
  const [ids, deliveries, amounts] = ['id', 'delivery', 'amount'].map(numbersOf);
  const read = rows.map((_, place) => ({
    id: Number(ids?.[place]),
    delivery: Number(deliveries?.[place]),
    amount: Number(amounts?.[place]),
  }));
  const releases = numbersOf('release');
  return {
    ...toAnswer(read),
    ...(table === 'orders'
      ? { firstRelease: String(Math.min(...releases)), lastRelease: String(Math.max(...releases)) }
      : {}),
    columns: [...names].sort().join(' '),
  };
}
