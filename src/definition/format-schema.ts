import { z } from 'zod';
import type { Parse } from './custom-format';

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

const customSchema = z.strictObject({
  name: z.literal('custom'),
  endings: z
    .array(
      z
        .string()
        .regex(/^(\.[^\s./\\A-Z]+)+$/, 'must be an ending in lower case with its dot, such as ".dat"')
        .regex(
          /(?<!\.(gz|zst))$/,
          'must be the ending without .gz or .zst, which any file may have behind it',
        ),
    )
    .min(1, 'must have an ending, such as [".dat"]'),
  parse: z.custom<Parse>((value) => typeof value === 'function', 'must be a function'),
  limits: limits.partial().optional(),
});

/** It is told by its keys, not by a name that everybody would have to write. */
const withName = (given: unknown): unknown =>
  typeof given === 'object' && given !== null && ('parse' in given || 'endings' in given)
    ? { name: 'custom', ...given }
    : given;

const namedSchema = z.discriminatedUnion('name', [
  csvSchema,
  fixedWidthSchema,
  z.strictObject({ name: z.literal('json-lines'), blankLines, limits }),
  z.strictObject({ name: z.literal('json'), limits }),
  z.strictObject({ name: z.literal('parquet'), limits }),
  customSchema,
]);

/** What a format may say, defaults of those that functions make filled in. */
export const formatSchema = z.preprocess(withName, namedSchema);
