import type { CheckFileResult } from '../../src/engine/tasks';

export const describeShortly = ({ findings }: CheckFileResult): string[] =>
  findings.map(({ code, column, expected, received, count, samples }) =>
    [
      code,
      column,
      count,
      received && `${expected ?? ''} / ${received}`,
      ...samples.map(({ row, value }) => `${row}=${value ?? ''}`),
    ]
      .filter((each) => each !== undefined && each !== '')
      .join(' '),
  );
