import { gzipSync } from 'node:zlib';
import { zstd } from '../engine/compress';
import type { EngineUnderTest } from './engine-under-test';
import { verdict, type Verdict } from './verdict';

const MEBI = 1024 * 1024;
const HEADER = 'id,name,amount,day,paid\n';

/** Files that would fill the memory of whoever reads them to their end. */
export async function checkBombs(engine: EngineUnderTest): Promise<Verdict> {
  const result = verdict('bombs');
  const rows = Array.from({ length: 512 }, () => Buffer.alloc(MEBI, `${'a'.repeat(999)}\n`));
  rows.unshift(Buffer.from(HEADER));
  const bombs: [code: string, table: string, file: string, body: Buffer][] = [
    ['unpacks-too-large', 'fuzzed_csv', 'bomb.csv.gz', gzipSync(Buffer.concat(rows))],
    ['unpacks-too-large', 'fuzzed_csv', 'bomb.csv.zst', await zstd(...rows)],
    [
      'row-too-large',
      'fuzzed_csv',
      'quote.csv',
      Buffer.concat([Buffer.from(`${HEADER}1,"`), Buffer.alloc(40 * MEBI, `${'a'.repeat(99)}\n`)]),
    ],
    [
      'row-too-large',
      'fuzzed_csv',
      'line.csv',
      Buffer.concat([Buffer.from(HEADER), Buffer.alloc(80 * MEBI, 'a')]),
    ],
    ['row-too-large', 'fuzzed_json_lines', 'line.jsonl', Buffer.alloc(80 * MEBI, '{"id":1,')],
    [
      'row-too-large',
      'fuzzed_json_array',
      'deep.json',
      Buffer.concat([Buffer.from('[{"id":'), Buffer.alloc(80 * MEBI, '[')]),
    ],
    [
      'too-deep',
      'fuzzed_json_lines',
      'deep.jsonl',
      Buffer.concat([Buffer.alloc(MEBI, '{"a":'), Buffer.from('\n')]),
    ],
  ];
  for (const [code, table, file, body] of bombs) {
    result.files += 1;
    const codes = (await engine.check(table, file, body)).map((finding) => finding.code);
    if (!codes.some((each) => each === code))
      result.fail(`${file} is refused for ${codes.join(', ') || 'nothing'}`);
  }
  return result;
}
