/** A key in land, taken apart: `<environment>/<database folder>/<table folder>/[file_land_timestamp=N/]<file>`. */
export interface LandKey {
  tableFolder: string;
  fileName: string;
  /** UTC epoch seconds, where the key already carries the partition. */
  carriedTimestamp: number | undefined;
}

const TIMESTAMP_FOLDER = /^file_land_timestamp=([1-9]\d{0,9})$/;
// S3's own limit, in UTF-8.
const LONGEST_KEY_BYTES = 1024;
// Copies carry the key, encoded, in their metadata, of which S3 takes 2,048 bytes.
const LONGEST_ENCODED_KEY = 1600;

/**
 * Why a key cannot be kept in every area, or undefined when it can. Athena does not see names that begin with
 * `_` or `.`; `.` and `..` as folders, empty folders and control characters mean different things to different readers.
 */
export function findKeyProblem(key: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]|\p{Surrogate}/u.test(key))
    return 'it has control or undecodable characters';
  if (/\p{Cf}/u.test(key)) return 'it has characters that nobody sees, or that turn the direction of writing';
  if (encodeURIComponent(key).length > LONGEST_ENCODED_KEY)
    return `it is longer than ${LONGEST_ENCODED_KEY} characters once encoded (as %C3%BC)`;
  for (const name of key.split('/')) {
    if (name === '') return 'it has an empty folder or file name';
    if (name.startsWith('_') || name.startsWith('.'))
      return `"${name}" begins with "${name.charAt(0)}", and Athena would not see it`;
  }
  return undefined;
}

/** Why a key that Landfall would write, with partition and suffix, is one that S3 would not take. */
export function findLengthProblem(keys: readonly string[]): string | undefined {
  const longest = Math.max(...keys.map((key) => Buffer.byteLength(key)));
  return longest > LONGEST_KEY_BYTES
    ? `with partition and suffix it would be ${longest} bytes long, and S3 takes ${LONGEST_KEY_BYTES}`
    : undefined;
}

/** @returns undefined when the key has not the specification's form below `landPrefix` */
export function parseLandKey(landPrefix: string, key: string): LandKey | undefined {
  if (!key.startsWith(landPrefix)) return undefined;
  const [tableFolder, second, third, ...deeper] = key.slice(landPrefix.length).split('/');
  if (!tableFolder || !second || deeper.length > 0) return undefined;
  if (third === undefined) return { tableFolder, fileName: second, carriedTimestamp: undefined };
  const carried = TIMESTAMP_FOLDER.exec(second)?.[1];
  return carried && third ? { tableFolder, fileName: third, carriedTimestamp: Number(carried) } : undefined;
}

/** Consoles make empty objects that stand for folders; they are no deliveries. */
export const isFolderMarker = (object: { key: string; size: number }): boolean =>
  object.size === 0 && object.key.endsWith('/');
