import type { Finding } from '../../checks/finding';
import type { CheckFileResult } from '../../engine/tasks';
import type { PlannedFile } from '../records';

/** What a file's check found against what the supplier's manifest says of it. */
export function compareWithListing(
  { table, key: file, listed = { file: '' } }: PlannedFile,
  checked: Pick<CheckFileResult, 'bytes' | 'rows' | 'sha256' | 'md5'>,
): Finding[] {
  const compared = [
    { code: 'listed-bytes', expected: listed.bytes, received: checked.bytes },
    { code: 'listed-rows', expected: listed.rows, received: checked.rows },
    { code: 'listed-checksum', expected: listed.sha256, received: checked.sha256 },
    { code: 'listed-checksum', expected: listed.md5, received: checked.md5 },
  ] as const;
  return compared.flatMap(({ code, expected, received }): Finding[] =>
    expected === undefined || expected === received
      ? []
      : [
          {
            code,
            table,
            file,
            expected: String(expected),
            received: String(received),
            count: 1,
            samples: [],
          },
        ],
  );
}
