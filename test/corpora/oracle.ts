import { parse } from 'csv-parse/sync';
import { z } from 'zod';

const HEADER = ['id', 'name', 'amount', 'day', 'paid'];

function isRealDay(text: string): boolean {
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}

const int64 = z
  .string()
  .regex(/^-?(0|[1-9]\d*)$/)
  .refine((text) => BigInt.asIntN(64, BigInt(text)) === BigInt(text));
const name = z.string().regex(/^[^x]*$/u);
const amount = z.string().regex(/^[-+]?\d{1,4}(\.\d{1,2}0*)?$|^[-+]?0*\d{1,4}(\.\d{0,2}0*)?$/);
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((text) => isRealDay(text) && text >= '2000-01-01');

const csvRow = z.object({
  id: int64,
  name: name.refine((text) => Array.from(text).length <= 12),
  amount: z.union([z.literal(''), amount]),
  day,
  paid: z.string().regex(/^(true|True|TRUE|false|False|FALSE)$/),
});

const jsonRow = z.strictObject({
  id: z.number().refine(Number.isInteger),
  name: name
    .refine((text) => Array.from(text).length <= 12)
    .nullable()
    .optional(),
  // An empty text is null where the column is no string, as a quoted one is in CSV.
  amount: z
    .union([z.number(), z.literal(''), amount])
    .nullable()
    .optional(),
  day,
  paid: z.union([z.boolean(), z.string().regex(/^(true|True|TRUE|false|False|FALSE)$/)]),
});

const decode = (bytes: Buffer, encoding: 'utf-8' | 'utf-16le'): string =>
  new TextDecoder(encoding, { fatal: true }).decode(bytes);

/** Row by row, slowly, with another parser: undefined when the file is good, else what it says against it. */
export function judgeCsv(
  bytes: Buffer,
  encoding: 'utf-8' | 'utf-16le' = 'utf-8',
  unique = false,
): string | undefined {
  try {
    const records = parse(decode(bytes, encoding), {
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: false,
      skip_empty_lines: false,
    });
    const [header, ...rows] = records;
    if (header === undefined || [...header].sort().join() !== [...HEADER].sort().join()) return 'the header';
    const seen = new Set<string>();
    for (const row of rows) {
      const record = Object.fromEntries(row.map((field, index) => [header[index] ?? '', field]));
      const parsed = csvRow.safeParse(record);
      if (!parsed.success) return parsed.error.issues[0]?.path.join() ?? 'a row';
      if (unique && seen.has(parsed.data.id)) return 'a key twice';
      seen.add(parsed.data.id);
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'an error';
  }
}

function judgeRecords(records: readonly unknown[]): string | undefined {
  for (const record of records) {
    const parsed = jsonRow.safeParse(record);
    if (!parsed.success) return parsed.error.issues[0]?.path.join() ?? 'a row';
  }
  return undefined;
}

export function judgeJsonLines(bytes: Buffer): string | undefined {
  try {
    const lines = decode(bytes, 'utf-8').split('\n');
    if (lines.at(-1) === '') lines.pop();
    if (lines.length === 0) return 'no line';
    return judgeRecords(lines.map((line) => JSON.parse(line) as unknown));
  } catch (error) {
    return error instanceof Error ? error.message : 'an error';
  }
}

export function judgeJsonArray(bytes: Buffer): string | undefined {
  try {
    const records: unknown = JSON.parse(decode(bytes, 'utf-8'));
    return Array.isArray(records) ? judgeRecords(records) : 'no array';
  } catch (error) {
    return error instanceof Error ? error.message : 'an error';
  }
}
