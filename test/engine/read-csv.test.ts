import fc from 'fast-check';
import { csv, type CsvFormat, type CsvOptions } from '../../src/definition/format';
import { readCsv } from '../../src/engine/read-csv';
import type { CsvRow } from '../../src/engine/scan-csv';
import { all, borders, bytesOf, inChunks } from './chunks';

const dialect = (options: CsvOptions = {}): CsvFormat => csv(options);
const DIALECT = dialect();
const rowsOfAtMost = (rowCharacters: number): CsvFormat => dialect({ limits: { rowCharacters } });
const read = (text: string): Promise<CsvRow[]> => all(readCsv(bytesOf(text), DIALECT));
const fieldsOf = async (text: string): Promise<string[][]> => (await read(text)).map(({ fields }) => fields);
const faultsOf = async (text: string) =>
  (await read(text)).filter(({ fault }) => fault).map(({ row, line, fault }) => ({ row, line, fault }));

const field = fc.record({
  text: fc.string({
    unit: fc.constantFrom('a', '7', ',', '"', '\n', '\r', ' ', 'é', '🎉', '\uFFFD', ';'),
    maxLength: 8,
  }),
  quoted: fc.boolean(),
});
const mustQuote = (text: string): boolean => /[",;\r\n]/.test(text);
const write = (rows: { text: string; quoted: boolean }[][], lineEnd: string, lastLineEnd: boolean): string =>
  rows
    .map((row) =>
      row
        .map(({ text, quoted }) => (quoted || mustQuote(text) ? `"${text.replaceAll('"', '""')}"` : text))
        .join(','),
    )
    .join(lineEnd) + (lastLineEnd ? lineEnd : '');

describe('read-csv', () => {
  it('gives back any records, whatever is in them and wherever the chunks end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        borders,
        async (rows, lineEnd, lastLineEnd, places) => {
          // An empty last record without a line end cannot be told from none.
          const text = write(rows, lineEnd, true);
          const kept =
            lastLineEnd || write(rows.slice(-1), '', false) === '' ? text : text.slice(0, -lineEnd.length);
          const found = await all(readCsv(inChunks(Buffer.from(kept), places), DIALECT));
          expect(found.map(({ fields }) => fields)).toEqual(rows.map((row) => row.map((each) => each.text)));
          expect(found.map(({ quoted, fields }) => fields.map((_, index) => quoted[index] === true))).toEqual(
            rows.map((row) => row.map((each) => each.quoted || mustQuote(each.text))),
          );
          expect(found.some(({ fault }) => fault)).toBe(false);
          expect(found.map(({ row }) => row)).toEqual(rows.map((_, index) => index));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('gives any text the same records and faults at any chunk borders', async () => {
    const texts = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', 'é'), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(texts, borders, async (text, places) => {
        const options = rowsOfAtMost(20);
        const whole = await all(readCsv(bytesOf(text), options));
        expect(await all(readCsv(inChunks(Buffer.from(text), places), options))).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });

  it('tells where each record begins, past line breaks in quotes', async () => {
    const rows = await read('a,b\r\n1,"x\r\ny\nz"\r\n2,3\r\n');
    expect(rows.map(({ row, line }) => [row, line])).toEqual([
      [0, 1],
      [1, 2],
      [2, 5],
    ]);
  });

  it('takes other delimiters and quotes', async () => {
    const rows = await all(readCsv(bytesOf("a;'b;''c'\n"), dialect({ delimiter: ';', quote: "'" })));
    expect(rows[0]?.fields).toEqual(['a', "b;'c"]);
  });

  it('drops the byte order mark, also ahead of a quote', async () => {
    expect(await fieldsOf('\uFEFF"id",b\n')).toEqual([['id', 'b']]);
  });

  it('keeps a blank line as a record of one empty field', async () => {
    expect(await fieldsOf('a,b\n\n1,2\n')).toEqual([['a', 'b'], [''], ['1', '2']]);
  });

  it('keeps an empty last field without a line end', async () => {
    expect(await fieldsOf('a,')).toEqual([['a', '']]);
  });

  it.each([
    ['a quote in a bare field', 'h\na"b\nok\n'],
    ['text behind a closing quote', 'h\n"a"b\nok\n'],
    ['a space behind a closing quote', 'h\n"a" \nok\n'],
    ['a carriage return alone', 'h\na\rb\nok\n'],
  ])('%s is a fault of its record, and reading goes on', async (_name, text) => {
    expect(await faultsOf(text)).toEqual([{ row: 1, line: 2, fault: 'bad-quote' }]);
    expect((await read(text)).at(-1)?.fields).toEqual(['ok']);
  });

  it('a quote that never closes is a fault of the record that it is in', async () => {
    expect(await faultsOf('h\nok\n"open\nx\ny\n')).toEqual([{ row: 2, line: 3, fault: 'bad-quote' }]);
  });

  it('a stray quote costs one record and not the memory: reading goes on behind the bound', async () => {
    const lines = Array.from({ length: 100 }, (_, index) => `${index},x`).join('\n');
    const rows = await all(readCsv(bytesOf(`h,i\n1,"stray\n${lines}\n`), rowsOfAtMost(50)));
    expect(rows.filter(({ fault }) => fault)).toMatchObject([{ row: 1, line: 2, fault: 'row-too-large' }]);
    const last = rows.at(-1);
    expect(last).toMatchObject({ fields: ['99', 'x'], line: 102 });
    expect(rows.length).toBeGreaterThan(85);
  });

  it('bytes that are no UTF-8 are a fault of the record that they are in', async () => {
    const bytes = Buffer.concat([
      Buffer.from('h,i\nok,\uFFFD\n"a\n'),
      Buffer.from([0xe9]),
      Buffer.from('",2\nok,4\n'),
    ]);
    await fc.assert(
      fc.asyncProperty(borders, async (places) => {
        const rows = await all(readCsv(inChunks(bytes, places), DIALECT));
        expect(rows.map(({ fault }) => fault)).toEqual([undefined, undefined, 'not-utf-8', undefined]);
      }),
    );
  });

  it('a character that the end of the file cuts off is no UTF-8', async () => {
    const rows = await all(readCsv(inChunks(Buffer.from([0x61, 0x0a, 0xc3]), []), DIALECT));
    expect(rows.map(({ fault }) => fault)).toEqual([undefined, 'not-utf-8']);
  });

  it('overlong, surrogate and too large code points are no UTF-8', async () => {
    for (const bytes of [[0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff, 0xff], [0x80]]) {
      const rows = await all(readCsv(inChunks(Buffer.from(bytes), [1]), DIALECT));
      expect(rows.map(({ fault }) => fault)).toEqual(['not-utf-8']);
    }
  });
});
