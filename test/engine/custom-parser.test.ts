import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ObjectLocation } from '../../src/adapters/object-store';
import { describeFinding } from '../../src/checks/describe-finding';
import { collectFindings } from '../../src/checks/collect-findings';
import { column } from '../../src/definition/column';
import type { CustomFormat, Parse, ParserContext } from '../../src/definition/custom-format';
import type { TableDefinition } from '../../src/definition/table';
import { checkKeys } from '../../src/engine/check-keys';
import { readTableRows } from '../../src/engine/read-table-rows';
import { failureOf, land, readBytes } from '../adapters/test-buckets';
import { tableOf } from '../definition/pipeline-of';
import { store, Tasks } from './task-context';

const COLUMNS = {
  id: column.int64(),
  name: column.string({ nullTexts: ['', 'N/A'] }).nullable(),
  paid: column.decimal(6, 2).nullable(),
};
type C = typeof COLUMNS;
type Definition = Partial<TableDefinition<C>>;

/** `id|name|paid`, a record a line; `~` is null, what begins with `!` is rejected. */
const parseLines: Parse<C> = async function* (bytes, { row, reject }) {
  let text = '';
  for await (const chunk of bytes) text += Buffer.from(chunk).toString('latin1');
  for (const [index, each] of text.split('\n').entries()) {
    const line = index + 1;
    if (each === '') continue;
    if (each.startsWith('!')) {
      yield reject('begins with a mark', { line, raw: each });
      continue;
    }
    const [id = null, name = null, paid = null] = each
      .split('|')
      .map((field) => (field === '~' ? null : field));
    yield row({ id, name, paid }, { line });
  }
};

const readRejects = async (target: ObjectLocation): Promise<unknown[]> =>
  gunzipSync(await readBytes(store, target))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

const formatOf = (parse: Parse<C>, more: Partial<CustomFormat<C>> = {}): CustomFormat<C> => ({
  endings: ['.dat'],
  parse,
  ...more,
});
const tasksOf = (parse: Parse<C> = parseLines, definition: Definition = {}): Promise<Tasks<C>> =>
  Tasks.of<C>({ columns: COLUMNS, format: formatOf(parse), ...definition });

async function checked(text: string | Buffer, parse?: Parse<C>, definition?: Definition) {
  const result = await (await tasksOf(parse, definition)).check(text, 'rows.dat');
  const told = result.findings.map((finding) => describeFinding(finding).replace('land/', ''));
  return { ...result, told };
}

/** Rows of code that no compiler has seen. */
const yields = (...make: ((context: ParserContext<C>) => unknown)[]): Parse<C> =>
  async function* (_bytes, context) {
    for (const each of make) yield (await each(context)) as never;
  };
const rowOf =
  (texts: unknown, place?: unknown) =>
  ({ row }: ParserContext<C>) =>
    row(texts as never, place as never);

describe('a parser', () => {
  it('gives rows whose texts are judged by their columns, null and the empty text apart', async () => {
    const { lines, rowsIn } = await (
      await tasksOf()
    ).transform('1|Ann|2.5\n2|~|~\n3||\n4|N/A|7\n', {}, 'rows.dat');
    expect(rowsIn).toBe(4);
    expect(lines.replaceAll(',"etl_version":"v1.2.3"', '').trimEnd().split('\n')).toEqual([
      '{"id":1,"name":"Ann","paid":"2.50"}',
      '{"id":2,"name":null,"paid":null}',
      '{"id":3,"name":"","paid":null}',
      '{"id":4,"name":null,"paid":"7.00"}',
    ]);
  });

  it('has what it rejects, and what its columns do, told with row and line', async () => {
    const { told, rows } = await checked('1|Ann|1\n!x\nx|Bea|1.234\n~|Cat|1\n!y\n');
    expect(rows).toBe(5);
    expect(told).toEqual([
      'rows.dat: 2 rows that the parser rejects: row 2 (line 2) "begins with a mark", row 5 (line 5) "begins with a mark".',
      expect.stringContaining('column id: 1 row not as declared'),
      expect.stringContaining('column paid: 1 row not as declared'),
      'rows.dat, column id: 1 row without a value, expected a value: row 4 (line 4).',
    ]);
  });

  it('may reject as many rows as the table allows, which are kept with reason and raw', async () => {
    const body = '1|Ann|1\n!x\nx|Bea|1\n4|Dan|1\n';
    const definition: Definition = { rejects: { maxRows: 2 } };
    const { findings, tolerated, rejected } = await checked(body, parseLines, definition);
    expect([findings, tolerated.length, rejected]).toEqual([[], 2, 2]);
    const tasks = await tasksOf(parseLines, definition);
    const rejectsTarget = { bucket: tasks.bucket, key: 'rejects/rows.jsonl.gz' };
    const result = await tasks.transform(body, { rejectsTarget }, 'rows.dat');
    expect(result).toMatchObject({ rowsIn: 4, rowsOut: 2, rejected: 2 });
    expect(await readRejects(rejectsTarget)).toMatchObject([
      {
        row: 2,
        line: 2,
        reasons: [{ code: 'unparsed-record', reason: 'begins with a mark' }],
        raw: '!x',
      },
      { row: 3, line: 3, reasons: [{ code: 'type' }], raw: { id: 'x', name: 'Bea', paid: '1' } },
    ]);
    expect((await checked(body, parseLines, { rejects: { maxRows: 1 } })).told[0]).toContain(
      'too many rows to reject: 2, allowed at most 1 of 4',
    );
  });

  it('names columns as the table does: what is missing or unknown is a finding of the row', async () => {
    const parse = yields(
      rowOf({ id: '1', nmae: 'Ann', paid: null }),
      rowOf(new Map([['id', '2']])),
      rowOf(new Map(Object.entries({ id: '3', name: 'C', paid: '1', more: '1' }))),
      rowOf({ id: '4', name: undefined, paid: '1' }),
    );
    expect((await checked('x', parse)).told).toEqual([
      'rows.dat, column nmae: 1 row with a key that is no column: row 1.',
      'rows.dat, column name: 3 rows without this key: row 1, row 2, row 4.',
      'rows.dat, column paid: 1 row without this key: row 2.',
      'rows.dat, column more: 1 row with a key that is no column: row 3.',
    ]);
    const lenient = await checked('x', parse, { header: { missing: 'null', extra: 'ignore' } });
    expect([lenient.told, lenient.rows]).toEqual([[], 4]);
  });

  it('is asked for row checks and keys as any format', async () => {
    const { told } = await checked('1|Ann|5\n1|Bea|1\n', parseLines, {
      primaryKey: ['id'],
      rowChecks: [{ name: 'paid enough', check: ({ paid }) => Number(paid) > 2 }],
    });
    expect(told).toEqual([
      'rows.dat, row check "paid enough": 1 row not as declared: row 2 (line 2).',
      'rows.dat, column id: 1 row with a key that an earlier row has: row 2 (line 2) "1".',
    ]);
  });

  it('is told the name under which the file landed, wherever it is read', async () => {
    const seen: unknown[] = [];
    const parse: Parse<C> = async function* (_bytes, { pipeline, table, file, row }) {
      seen.push([pipeline, table, file]);
      yield row({ id: '1', name: null, paid: null });
    };
    const tasks = await tasksOf(parse, { primaryKey: ['id'] });
    await tasks.transform('x', { fileName: 'rows.dat' }, 'rows.dat');
    const source = await land(store, { bucket: tasks.bucket, key: 'quarantine/rows_15.dat' }, 'x');
    const files = [{ ...source, fileName: 'rows.dat' }];
    await tasks.withContext((context) =>
      checkKeys({ pipeline: 'things', table: 'rows', files, references: [] }, context),
    );
    expect(seen).toEqual(Array(3).fill(['things', 'rows', 'rows.dat']));
  });
});

describe('a parser and its bytes', () => {
  it('gets them unpacked, and any packing but gzip and zstd as it is', async () => {
    expect((await checked('1|Ann|1\n')).findings).toEqual([]);
    const tasks = await tasksOf();
    expect(await tasks.check(gzipSync('1|Ann|1\n'), 'rows.dat.gz')).toMatchObject({ rows: 1, findings: [] });
    expect((await tasks.check(gzipSync('1|Ann|1\n'), 'rows.dat')).findings).toMatchObject([
      { code: 'wrong-compression' },
      { code: 'too-few-rows' },
    ]);
    const parse = yields(rowOf({ id: '1', name: 'PK', paid: null }));
    expect((await checked(Buffer.from('PK\u0003\u0004…'), parse)).findings).toEqual([]);
  });

  it('may stop early: the rest is hashed, and its packing looked at', async () => {
    const whole = await checked('1|Ann|1\n2|Bea|1\n');
    const one = yields(rowOf({ id: '1', name: null, paid: null }));
    expect((await checked('1|Ann|1\n2|Bea|1\n', one)).sha256).toBe(whole.sha256);
    const packed = gzipSync('1|Ann|1\n'.repeat(200_000), { level: 0 });
    const cut = packed.subarray(0, -9);
    const { findings } = await (await tasksOf(one)).check(cut, 'rows.dat.gz');
    expect(findings.map(({ code }) => code)).toEqual(['damaged-compression']);
  });

  it('never takes bytes that are at fault for the end of the file, nor is blamed for them', async () => {
    let ended = false;
    const parse: Parse<C> = async function* (bytes, { row }) {
      for await (const chunk of bytes) if (chunk.length > 0) yield row({ id: '1', name: null, paid: null });
      ended = true;
    };
    const cut = gzipSync('1|Ann|1\n'.repeat(200_000), { level: 0 }).subarray(0, 500_000);
    const tasks = await tasksOf(parse);
    const { findings } = await tasks.check(cut, 'rows.dat.gz');
    expect([findings.map(({ code }) => code), ended]).toEqual([['damaged-compression'], false]);
    expect((await tasks.check('', 'rows.dat')).findings.map(({ code }) => code)).toEqual([
      'empty-file',
      'too-few-rows',
    ]);
    const bounded = await checked('1|Ann|1\n', parse, {
      format: formatOf(parse, { limits: { unpackedBytes: 3 } }),
    });
    expect(bounded.findings.map(({ code }) => code)).toEqual(['unpacks-too-large', 'too-few-rows']);
  });

  it('goes on in another loop where it stopped', async () => {
    const parse: Parse<C> = async function* (bytes, { row }) {
      let count = 0;
      for await (const _chunk of bytes) {
        count += 1;
        break;
      }
      for await (const _chunk of bytes) count += 1;
      yield row({ id: String(count), name: null, paid: null });
    };
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      for (let chunk = 0; chunk < 3; chunk += 1) yield await Promise.resolve(Buffer.from('x'));
    };
    const texts: unknown[] = [];
    for await (const batch of rowsOf(chunks(), parse)) texts.push(batch.texts(0));
    expect(texts).toEqual([['3', null, null]]);
  });

  it('may read ahead of its rows, whatever is wrong with them', async () => {
    let ended = false;
    const readAhead: Parse<C> = async function* (bytes, { row }) {
      const chunks = bytes[Symbol.asyncIterator]();
      for (let next = chunks.next(), ahead; ; next = ahead) {
        if ((await next).done) {
          ended = true;
          return;
        }
        ahead = chunks.next();
        yield row({ id: 'x', name: null, paid: null });
      }
    };
    const slowly = async function* (): AsyncGenerator<Uint8Array> {
      for (let chunk = 0; chunk < 3; chunk += 1) {
        yield Buffer.from('x');
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const batches: number[] = [];
    for await (const batch of rowsOf(slowly(), readAhead)) batches.push(batch.length);
    expect([batches, ended]).toEqual([[3], true]);
  });

  it('may be read by Node’s own parts, which tell of bytes at fault too', async () => {
    const parse: Parse<C> = async function* (bytes, { row }) {
      const lines = createInterface({ input: Readable.from(bytes), crlfDelay: Infinity });
      for await (const line of lines) yield row({ id: line, name: null, paid: null });
    };
    const tasks = await tasksOf(parse);
    const numbers = Array.from({ length: 20_000 }, (_, index) => index).join('\n');
    expect(await tasks.check(numbers, 'rows.dat')).toMatchObject({ rows: 20_000, findings: [] });
    const cut = gzipSync(numbers, { level: 0 }).subarray(0, -5_000);
    expect((await tasks.check(cut, 'rows.dat.gz')).findings).toMatchObject([{ code: 'damaged-compression' }]);
  });

  it('is not asked to say what reading the file failed with, also where it catches that', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('x'));
      throw new Error('the store is gone');
    };
    const calm: Parse<C> = async function* (bytes, { row }) {
      try {
        for await (const _chunk of bytes) yield row({ id: '1', name: null, paid: null });
      } catch {
        // As some parsers do.
      }
    };
    for (const parse of [calm, parseLines]) {
      const rows = rowsOf(broken(), parse);
      await expect(
        (async () => {
          for await (const batch of rows) expect(batch.length).toBe(1);
        })(),
      ).rejects.toThrow('the store is gone');
    }
  });
});

describe('a parser at fault', () => {
  const failing = yields(rowOf({ id: '1', name: 'Ann', paid: null }), () => {
    throw new RangeError('offset 12 is beyond the end');
  });

  it('that throws refuses the file, with rows before it, in its own words', async () => {
    const { told, rows } = await checked('x', failing, { rejects: { maxShare: 1 } });
    expect([told, rows]).toEqual([
      ['rows.dat was not read to its end: the parser failed after 1 row: offset 12 is beyond the end.'],
      1,
    ]);
    const atOnce: Parse<C> = () => {
      throw new Error('no such layout');
    };
    expect((await checked('x', atOnce)).told[0]).toContain('the parser failed after 0 rows: no such layout');
  });

  it('keeps values back where a column is sensitive', async () => {
    const columns = { id: column.int64(), name: column.string({ sensitive: true }) };
    const tasks = await Tasks.of<typeof columns>({
      columns,
      format: {
        endings: ['.dat'],
        parse: async function* (_bytes, { reject }) {
          yield await Promise.resolve(reject('Ann is twice here', { raw: 'Ann' }));
          throw new Error('Ann');
        },
      },
    });
    const { findings } = await tasks.check('x', 'rows.dat');
    expect(findings.map(({ code }) => code)).toEqual(['parser-failed', 'unparsed-record']);
    expect(JSON.stringify(findings)).not.toContain('Ann');
  });

  it.each<[string, Parse<C>, string]>([
    ['a plain object', yields(() => ({ id: '1' })), 'yielded an object, as row 1'],
    ['nothing', yields(() => undefined), 'yielded undefined, as row 1'],
    [
      'a number for a text',
      yields(rowOf({ id: 1, name: null, paid: null })),
      'a number for column "id", as row 1',
    ],
    ['an array for a row', yields(rowOf(['1'])), 'gave row() an array, as row 1'],
    ['a promise of a row', yields(rowOf(Promise.resolve({}))), 'gave row() a promise, as row 1'],
    ['a line that is none', yields(rowOf({ id: '1' }, { line: 0 })), 'gave 0 as a line, as row 1'],
    ['a reject without words', yields(({ reject }) => reject('')), 'no reason in words, as row 1'],
    [
      'bytes as raw',
      yields(({ reject }) => reject('x', { raw: Buffer.from('x') as never })),
      'an object as raw',
    ],
    ['a promise', (() => Promise.reject(new Error('x'))) as never, 'returned a promise'],
    ['an array', (() => []) as never, 'returned an array'],
  ])('that gives %s stops the check with words', async (_what, parse, words) => {
    const failure = await failureOf(checked('x', parse));
    expect(failure.name).toBe('DefinitionError');
    expect(failure.happened).toContain('The parser of table "rows", on file "rows.dat", ');
    expect(failure.happened).toContain(words);
  });

  it('is ended where nobody wants its rows any more', async () => {
    let ended = false;
    const parse: Parse<C> = async function* (_bytes, { row }) {
      try {
        yield await Promise.resolve(row({ id: 1 as never, name: null, paid: null }));
      } finally {
        ended = true;
      }
    };
    await failureOf(checked('x', parse));
    expect(ended).toBe(true);
  });

  it('gives no half of a character', async () => {
    const { told } = await checked('x', yields(rowOf({ id: '1', name: 'a\ud83c', paid: null })));
    expect(told).toEqual([
      'rows.dat: 1 row that the parser rejects: row 1 "half a character in column \\"name\\"".',
    ]);
  });

  it('gives no row beyond the bound', async () => {
    const parse = yields(
      rowOf({ id: '1', name: 'x'.repeat(50), paid: null }),
      ({ reject }) => reject('too long', { raw: 'x'.repeat(50) }),
      rowOf({ id: '3', name: 'x'.repeat(49), paid: null }),
    );
    const format = formatOf(parse, { limits: { rowCharacters: 50 } });
    expect((await checked('x', parse, { format })).told).toEqual([
      'rows.dat: 2 rows too large (limits.rowCharacters): row 1, row 2.',
    ]);
  });

  it('that gives other rows the second time is found before anything is written', async () => {
    let calls = 0;
    const parse: Parse<C> = async function* (_bytes, { row, reject }) {
      calls += 1;
      yield await Promise.resolve(
        calls === 1 ? row({ id: '1', name: null, paid: null }) : reject('not again'),
      );
    };
    const failure = await failureOf((await tasksOf(parse)).transform('x', {}, 'rows.dat'));
    expect(failure.name).toBe('IntegrityError');
    expect(failure.happened).toContain('does not pass it any more: ');
    expect(failure.happened).toContain('"not again"');
    expect(failure.next).toContain('the same bytes give the same rows, each time');
  });
});

const rowsOf = (source: AsyncIterable<Uint8Array>, parse: Parse<C>) => {
  const table = tableOf({ columns: COLUMNS, format: formatOf(parse) });
  const parsedFile = { pipeline: 'my-pipeline', table: 'my_table', file: 'rows.dat' };
  return readTableRows(source, { ...table, parsedFile }, collectFindings('my_table', 'rows.dat'));
};

test('rows are asked for as they are used, so that a large file takes no more memory than a small one', async () => {
  let read = 0;
  let given = 0;
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    const chunk = Buffer.from('1|Ann|1.00\n'.repeat(6_000));
    for (let bytes = 0; bytes < 10_000_000; bytes += chunk.length) {
      read += chunk.length;
      yield await Promise.resolve(chunk);
    }
  };
  const parse: Parse<C> = async function* (bytes, { row }) {
    for await (const chunk of bytes)
      for (const line of Buffer.from(chunk).toString('latin1').trimEnd().split('\n')) {
        const [id = null, name = null, paid = null] = line.split('|');
        given += 1;
        yield row({ id, name, paid });
      }
  };
  let rows = 0;
  let mostAhead = 0;
  for await (const batch of rowsOf(chunks(), parse)) {
    rows += batch.length;
    mostAhead = Math.max(mostAhead, given - rows, read / 11 - rows);
  }
  expect(rows).toBe(912_000);
  expect(mostAhead).toBeLessThan(6_000 * 2);
});
