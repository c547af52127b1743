import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'lossless-json';
import { findPython } from '../../bench/python-environments';
import { glueType, type ColumnType } from '../../src/definition/column-type';
import type { Reader, ReadTable } from './reader';

const run = promisify(execFile);

const NESTED = ['array', 'struct'];

const DUCKDB_TYPES: { [glue: string]: string } = {
  string: 'VARCHAR',
  int: 'INTEGER',
  float: 'FLOAT',
  binary: 'BLOB',
};

function toDuckDbType(type: ColumnType): string {
  if (type.name === 'array') return `${toDuckDbType(type.element.type)}[]`;
  if (type.name === 'struct')
    return `STRUCT(${type.fields.map((field) => `${field.name} ${toDuckDbType(field.type)}`).join()})`;
  const glue = glueType(type);
  return DUCKDB_TYPES[glue] ?? glue.toUpperCase();
}

/** As DuckDB writes it, without the quotes and spaces that it may add. */
const plainDuckDbType = (type: string): string => type.replaceAll('"', '').replaceAll(', ', ',');

/**
 * awswrangler, through the Glue catalogue and Athena; DuckDB, from the Parquet files where Glue says that they are.
 *
 * @param workGroup Athena's, which says where answers go
 */
export async function pythonReaders(environment: NodeJS.ProcessEnv, workGroup: string): Promise<Reader[]> {
  const python = await findPython('readers', join(__dirname, 'requirements.txt'));
  const read = (reader: string, plainType: (type: string) => string): Reader['read'] => {
    return async (database, table, columns) => {
      const asked = JSON.stringify({ database, table, columns: columns.map(({ name }) => name) });
      const { stdout } = await run(python, [join(__dirname, 'python_readers.py'), reader, asked], {
        env: {
          ...process.env,
          ...environment,
          AWS_DEFAULT_REGION: environment['AWS_REGION'],
          WORK_GROUP: workGroup,
        },
        maxBuffer: 1e9,
      });
      const answer = parse(stdout) as ReadTable & { error?: string };
      if (answer.error !== undefined) throw new Error(answer.error);
      const found = answer.columns?.map(({ name, type }) => ({ name, type: plainType(type) })) ?? null;
      return { columns: found, rows: answer.rows };
    };
  };
  return [
    {
      name: 'awswrangler',
      // Athena answers in CSV, of which awswrangler reads no nested values and no bytes.
      takes: ({ name }) => !NESTED.includes(name) && name !== 'binary',
      typeOf: glueType,
      // Nor does it tell "" or NaN from null.
      blur: (row) => row.replace(/(?<=^| \| )(""|NaN)(?= \| |$)/g, 'null'),
      read: read('awswrangler', (type) => type),
    },
    { name: 'DuckDB', takes: () => true, typeOf: toDuckDbType, read: read('DuckDB', plainDuckDbType) },
  ];
}
