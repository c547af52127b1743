import { z } from 'zod';
import type { Finding } from '../checks/finding';

const count = z.int().min(0);
const share = z
  .number()
  .min(0)
  .max(1)
  .describe('Of the rows of the file, or of all files of the table: 0 to 1');

const sample = z.strictObject({
  row: count.describe('Data row, the first being 1'),
  line: count.describe('Line of the unpacked file on which the row begins, the first being 1'),
  value: z
    .string()
    .optional()
    .describe('As it stands in the file, cut to 200 characters; absent where it is sensitive'),
  first: z
    .strictObject({ file: z.string(), row: count, line: count })
    .optional()
    .describe('Where the value stands that this one repeats, when that is in another file'),
});

const check = z.strictObject({
  code: z.string().describe('What kind of check it is; stable'),
  column: z
    .string()
    .optional()
    .describe('The table’s name for the column; of a primary key all of its columns'),
  check: z.string().optional().describe('The name of the row check'),
  of: z.enum(['delivery', 'table', 'file', 'row', 'value']).describe('What it looks at'),
  title: z.string().describe('What holds when it passes, for people'),
  expected: z.string().optional().describe('What the schema asks for, for people'),
});

const tableReport = z.strictObject({
  table: z.string(),
  description: z.string().optional(),
  files: count,
  failedFiles: count,
  rows: count.describe('Data rows of all its files'),
  bytes: count,
  checks: z
    .array(
      check.extend({
        failedFiles: count.describe('In how many files it failed'),
        rejectedRows: count
          .optional()
          .describe('Rows that are left out for it of files that passed, where there are any'),
      }),
    )
    .describe(
      'Every check that is made of each file of the table; one that no file failed has passed in all',
    ),
});

const failedCheck = check.extend({
  table: z.string().optional().describe('Absent where no table claims the file'),
  files: count.describe('In how many files it failed'),
  rows: count.describe('In how many rows of them; 0 where it is about whole files'),
  share: share.optional(),
  first: z
    .strictObject({
      file: z.string().optional(),
      received: z.string().optional(),
      sample: sample.optional(),
    })
    .describe('The first file that failed it, and the first row there'),
});

const fileReport = z.strictObject({
  file: z.string().describe('The key in land, or the path that was given'),
  table: z.string(),
  bytes: count,
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Of the very bytes that were checked'),
  rows: count.describe('Data rows, malformed ones included'),
  rejected: count.optional().describe('Rows that are left out of a file that passed, as its table allows'),
  checks: z
    .strictObject({ passed: count, failed: count, notRun: count })
    .describe(
      'How many of the table’s checks; not run are those of values where no row, or no such column, was there',
    ),
});

const finding = z.strictObject({
  code: z.string(),
  table: z.string().optional(),
  file: z.string().optional().describe('Absent where it is about a table or the whole delivery'),
  column: z.string().optional(),
  check: z.string().optional(),
  expected: z.string().optional(),
  received: z.string().optional().describe('What was there instead, where it is no value of a row'),
  looksLike: z
    .string()
    .optional()
    .describe(
      'Of a missing column the name in the header that may be meant; of an unknown one what it may mean',
    ),
  count: count.describe('How many rows it is about (or fields of the header, or files)'),
  share: share.optional(),
  samples: z.array(sample).describe('The first rows in error, at most five'),
});

/** The report of F1 on one delivery, or of `landfall validate` on some files. */
export const validationReportSchema = z
  .strictObject({
    format: z.literal(1).describe('Rises when a key changes its meaning'),
    verdict: z.enum(['passed', 'refused']),
    leftOut: z
      .array(z.string())
      .optional()
      .describe('Where not all must pass: only the files of these tables stay behind'),
    pipeline: z.string(),
    database: z.string(),
    fileLandTimestamp: count
      .optional()
      .describe('UTC epoch seconds; absent where files were checked outside a run'),
    version: z.string().optional().describe('The image’s tag; absent where files were checked outside a run'),
    totals: z.strictObject({
      files: count.describe('Those that no table claims included'),
      failedFiles: count,
      rows: count,
      bytes: count,
      findings: count.describe('Failed checks, each file’s counted'),
    }),
    notChecked: z.array(z.string()).describe('What a run would check beside, for people'),
    tables: z.array(tableReport),
    failed: z.array(failedCheck).describe('Every check that failed, once for all files of its table'),
    files: z.array(fileReport),
    findings: z.array(finding).describe('Every failed check of every file, up to a bound'),
    moreFindings: count.describe('Findings beyond that bound; they are counted in all the numbers above'),
    rejects: z
      .strictObject({
        rows: count,
        checks: z
          .array(failedCheck)
          .describe('Every check for which rows are left out, once for all files of its table'),
        findings: z.array(finding).describe('The same file by file, up to a bound'),
        moreFindings: count,
      })
      .optional()
      .describe('Rows that are left out of files that passed, as their tables allow: rejected, not failed'),
  })
  .meta({ id: 'validation-report', title: 'Landfall validation report' });

export interface ReportedFinding extends Finding {
  share?: number;
}
type Rejects = NonNullable<z.infer<typeof validationReportSchema>['rejects']>;
export type ValidationReport = Omit<z.infer<typeof validationReportSchema>, 'findings' | 'rejects'> & {
  findings: ReportedFinding[];
  rejects?: Omit<Rejects, 'findings'> & { findings: ReportedFinding[] };
};
export type FailedCheck = ValidationReport['failed'][number];
export type FileReport = ValidationReport['files'][number];
