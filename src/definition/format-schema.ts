import { z } from 'zod';

const limits = z.strictObject({
  unpackedBytes: z.int().min(1),
  ratio: z.number().min(1),
  rowCharacters: z
    .int()
    .min(1)
    .max(256 * 1024 * 1024),
  // Parsers of JSON recurse.
  depth: z.int().min(1).max(500),
});

const character = z.string().regex(/^[^\r\n]$/, 'must be one character, and no line end');
const blankLines = z.enum(['refused', 'skipped']);

const hasGroup = ({ source, flags }: RegExp): boolean =>
  (new RegExp(`${source}|`, flags).exec('')?.length ?? 0) > 1;

const textFile = {
  comment: character.optional(),
  skipLines: z.int().min(0),
  blankLines,
  encoding: z.enum(['utf-8', 'utf-16', 'utf-16le', 'utf-16be', 'latin1', 'windows-1252']),
  lineEnd: z.enum(['lf-or-crlf', 'cr']),
  trailer: z
    .strictObject({
      pattern: z
        .instanceof(RegExp)
        .refine(hasGroup, 'must have a group for the number of rows, as in /T,(\\d+)/'),
    })
    .optional(),
  limits,
};

const csvSchema = z
  .strictObject({
    name: z.literal('csv'),
    delimiter: character,
    quote: character.nullable(),
    escape: z.enum(['doubled', 'backslash']),
    header: z.boolean(),
    ...textFile,
  })
  .refine(({ delimiter, quote, comment, escape }) => {
    const used = [delimiter, quote, comment, escape === 'backslash' ? '\\' : undefined];
    const given = used.filter((each) => typeof each === 'string');
    return new Set(given).size === given.length;
  }, 'must have a delimiter, a quote, a comment and an escape that differ from each other');

const width = z.int().min(1).max(1_000_000);
const trim = z.enum(['both', 'start', 'end', 'none']);

const fixedWidthSchema = z.strictObject({
  name: z.literal('fixed-width'),
  fields: z
    .record(
      z.string(),
      z.union([
        width,
        z.strictObject({
          width,
          start: width.optional(),
          trim: trim.optional(),
          pad: z.enum([' ', '0']).optional(),
        }),
      ]),
    )
    .refine((fields) => Object.keys(fields).length > 0, 'must have a width for each column'),
  trim,
  shortLines: z.enum(['refused', 'padded']),
  ...textFile,
});

/** What a format may say, defaults filled in. */
export const formatSchema = z.discriminatedUnion('name', [
  csvSchema,
  fixedWidthSchema,
  z.strictObject({ name: z.literal('json-lines'), blankLines, limits }),
  z.strictObject({ name: z.literal('json'), limits }),
  z.strictObject({ name: z.literal('parquet'), limits }),
]);
