import { column, type Columns } from '../../src/definition/column';
import { jsonLines } from '../../src/definition/format';
import type { TransformInput } from '../../src/definition/transform';
import { Tasks } from './task-context';

const COLUMNS = {
  seen: column.timestamp({ format: '%Y-%m-%dT%H:%M:%S%.f%z' }),
  sent: column.timestamp({ format: '%s%.f' }).nullable(),
};
const UTC =
  '{"seen":"2024-07-01 11:00:00.000001","sent":"2018-08-22 20:13:20.500000","etl_version":"v1.2.3"}\n' +
  '{"seen":"2023-12-31 23:59:59.000000","sent":null,"etl_version":"v1.2.3"}\n';
const CSV = 'seen,sent\n2024-07-01T12:00:00.000001+01:00,1534968800.5\n2023-12-31T23:59:59Z,\n';

describe('timestamps with an offset and epochs are written in UTC', () => {
  it('from CSV', async () => {
    const tasks = await Tasks.of<Columns>({ columns: COLUMNS });
    expect((await tasks.transform(CSV)).lines).toBe(UTC);
  });

  it('through a transform', async () => {
    const transform = { columns: COLUMNS, apply: ({ frame }: TransformInput<Columns>) => frame };
    const tasks = await Tasks.of<Columns>({ columns: COLUMNS, transform });
    expect((await tasks.transform(CSV)).lines).toBe(UTC);
  });

  it('from JSON, where an epoch is a number or a string, and nothing else is', async () => {
    const tasks = await Tasks.of<Columns>({ columns: COLUMNS, format: jsonLines() });
    const seen = '"seen":"2023-12-31T23:59:59Z"';
    const body = `{"seen":"2024-07-01T12:00:00.000001+0100","sent":1534968800.5}\n{${seen},"sent":null}\n`;
    expect((await tasks.transform(body, {}, 'rows.jsonl')).lines).toBe(UTC);
    const { findings } = await tasks.check(
      `{${seen},"sent":"1"}\n{${seen},"sent":1e9}\n{"seen":1534968800,"sent":true}\n`,
      'bad.jsonl',
    );
    expect(findings).toMatchObject([
      { code: 'type', column: 'sent', count: 2, samples: [{ value: '1e9' }, { value: 'true' }] },
      { code: 'type', column: 'seen', count: 1 },
    ]);
  });

  it('a value without its offset is a finding, and so is a count of milliseconds', async () => {
    const tasks = await Tasks.of<Columns>({ columns: COLUMNS });
    const { findings } = await tasks.check('seen,sent\n2024-07-01T12:00:00,1534968800000\n');
    expect(findings).toMatchObject([
      { column: 'seen', expected: expect.stringContaining('with its offset from UTC') as string },
      { column: 'sent', expected: expect.stringContaining('seconds since 1970 in UTC') as string },
    ]);
  });
});
