import { splitDateFormat } from '../definition/date-format';
import { canonicalFraction } from './calendar';
import type { TypeReader } from './value-reader';

// The years 1 to 9999, in seconds since 1970.
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;
const NO_PLACES = /^\.0+$/;
const MICROSECONDS = 1_000_000;

/** In canonical form; undefined outside the years 1 to 9999. `fraction`: its six places, counted upwards. */
function writeSecond(epochSeconds: number, fraction: string): string | undefined {
  if (epochSeconds < FIRST_SECOND || epochSeconds > LAST_SECOND) return undefined;
  return new Date(epochSeconds * 1000).toISOString().slice(0, 19).replace('T', ' ') + fraction;
}

/** Seconds east of UTC; undefined when no clock is so far off. */
function readOffset(text: string): number | undefined {
  if (text === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -60 : 60) * (hours * 60 + minutes);
}

/** Moves a timestamp in canonical form to UTC, by the offset (`+01:00`, `+0100`, `Z`) that it was written with. */
export function toUtc(canonical: string, offset: string): string | undefined {
  const east = readOffset(offset);
  if (east === undefined) return undefined;
  const epochSeconds = Date.parse(`${canonical.slice(0, 19).replace(' ', 'T')}Z`) / 1000 - east;
  return writeSecond(epochSeconds, canonical.slice(19));
}

/** Whole seconds go down where places are counted up to the next: -1.25 is 0.75 behind -2. */
function writeEpoch(seconds: string, places: string): string | undefined {
  const fraction = canonicalFraction(places, 0);
  if (fraction === undefined) return undefined;
  if (!seconds.startsWith('-') || NO_PLACES.test(fraction)) return writeSecond(Number(seconds), fraction);
  const rest = String(MICROSECONDS - Number(fraction.slice(1))).padStart(6, '0');
  return writeSecond(Number(seconds) - 1, `.${rest}`);
}

/** Reads seconds since 1970 began in UTC, by a format that has `%s`, alone or with the places of its second. */
export function epochReader(format: string): TypeReader {
  const parts = splitDateFormat(format).map((part) => {
    if (part === '%s') return '(?<seconds>-?(?:0|[1-9][0-9]{0,11}))';
    if (part === '%.f') return '(?<places>\\.[0-9]+)?';
    if (part === '%f') return '(?<digits>[0-9]+)';
    return part === '%%' ? '%' : part.replaceAll(/[$()*+.?[\\\]^{|}/-]/g, '\\$&');
  });
  const pattern = new RegExp(`^${parts.join('')}$`);
  return (text) => {
    const { seconds, places = '', digits } = pattern.exec(text)?.groups ?? {};
    return seconds === undefined
      ? undefined
      : writeEpoch(seconds, digits === undefined ? places : `.${digits}`);
  };
}
