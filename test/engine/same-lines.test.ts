import type { Transform } from '../../src/definition/transform';
import { readBytes } from '../adapters/test-buckets';
import { EVERY_TYPE } from './every-type';
import { store, Tasks } from './task-context';

type Given = typeof EVERY_TYPE;

const ROWS = 4000;
const TEXTS = ['plain', '"a ""q"", é\n🎉"', '', '"\\ \t 𝄞"', '"line\r\nend"', 'NULL'];
const FLOATS = ['0.1', '1e300', '-5e-324', '123456789.125', '1e21', '-0', '100000'];

/** Of every type, long enough for several gzip blocks, and the same whoever makes it. */
function generateCsv(): string {
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const digits = String((row * 7_368_787) % 9_999_991).padStart(7, '0');
    return [
      TEXTS[row % TEXTS.length],
      row % 2 === 0 ? 'true' : 'false',
      (row % 256) - 128,
      `${row % 3 === 0 ? '-' : ''}90071992${1 + (row % 9)}${digits}`,
      FLOATS[row % 2 === 0 ? 0 : 3],
      FLOATS[row % FLOATS.length],
      `${1 + (row % 9)}23456789012345678${digits}.${String(row % 10_000).padStart(4, '0')}`,
      `${String(1 + (row % 28)).padStart(2, '0')}/${String(1 + (row % 12)).padStart(2, '0')}/${1900 + (row % 200)}`,
      row % 10 === 0 ? '' : `20${10 + (row % 20)}-03-04T05:06:07.${digits.slice(1)}`,
    ].join(',');
  });
  return [Object.keys(EVERY_TYPE).join(','), ...rows, ''].join('\n');
}

/** What every Node that Landfall runs on must write: another hash is another content, for every reader. */
const LINES_SHA256 = '1034cc8efe61be0e4d53d820c8d98449defc72caca45455328bae1cd2a8fa842';

describe('the same input, code and version', () => {
  const CSV = generateCsv();

  test.each<[way: string, transform: Transform<Given, Given> | undefined]>([
    ['as it is', undefined],
    ['through Polars', { columns: EVERY_TYPE, apply: ({ frame }) => frame }],
    ['through a row function', { columns: EVERY_TYPE, row: (row) => ({ ...row }) }],
  ])('give the same lines on every Node, and the same object each time, %s', async (_way, transform) => {
    const tasks = await Tasks.of<Given>({ columns: EVERY_TYPE, ...(transform ? { transform } : {}) });
    const objects: string[] = [];
    for (let time = 0; time < 2; time += 1) {
      const { contentSha256, target } = await tasks.transform(CSV);
      expect(contentSha256).toBe(LINES_SHA256);
      objects.push((await readBytes(store, target)).toString('base64'));
    }
    expect(objects[1]).toBe(objects[0]);
  });
});
