import type { ValidationReport } from './validation-report';

/** How many rows a file of the report has; undefined where no file is meant, or it was not read. */
export function rowCounts(
  files: ValidationReport['files'],
): (file: string | undefined) => number | undefined {
  const counts = new Map(files.map(({ file, rows }) => [file, rows]));
  return (file) => (file === undefined ? undefined : counts.get(file));
}
