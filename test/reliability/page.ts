import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = join(__dirname, '..', '..', 'docs', 'reliability.md');
const END = '<!-- end of figures -->';

/** Puts the lines where the page has room for the figures of a command, formatted as the page is. */
export function writeFiguresOf(command: string, lines: readonly string[]): void {
  const begin = `<!-- figures: written by ${command} -->`;
  const [before = '', rest] = readFileSync(PAGE, 'utf8').split(begin);
  const end = rest?.indexOf(END) ?? -1;
  if (rest === undefined || end < 0) throw new Error(`${PAGE} has no place for the figures of ${command}`);
  writeFileSync(PAGE, `${before}${[begin, '', ...lines, ''].join('\n')}\n${rest.slice(end)}`);
  execFileSync(process.execPath, [require.resolve('prettier/bin/prettier.cjs'), '--write', PAGE], {
    stdio: 'ignore',
  });
}
