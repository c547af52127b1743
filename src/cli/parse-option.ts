import { InvalidArgumentError } from 'commander';
import { PIPELINE_NAME } from '../layout/names';

const ISO_8601 = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** UTC epoch seconds from epoch seconds or ISO 8601, as Airflow's logical date has it. */
export function parseTimestamp(text: string): number {
  const timestamp = /^\d{1,10}$/.test(text) ? Number(text) : parseIso(text);
  if (timestamp > 0) return timestamp;
  throw new InvalidArgumentError(
    'Give UTC epoch seconds (1534968800) or an ISO 8601 time with its zone (2018-08-22T20:13:20Z).',
  );
}

function parseIso(text: string): number {
  const day = ISO_8601.exec(text)?.[1];
  // Date.parse takes 30 February for 2 March.
  const midnight = new Date(`${day}T00:00:00Z`);
  const exists = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(`${day}T`);
  return exists ? Math.floor(Date.parse(text) / 1000) : Number.NaN;
}

export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port > 0 && port < 65_536) return port;
  throw new InvalidArgumentError('Give a port from 1 to 65535.');
}

export function parseCount(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (count > 0) return count;
  throw new InvalidArgumentError('Give a whole number from 1 on.');
}

const SECONDS_OF = { d: 24 * 60 * 60, h: 60 * 60, m: 60, s: 1 } as const;

/** Seconds from `7d`, `36h`, `90m` or `0s`. */
export function parseGrace(text: string): number {
  const [, count, unit] = /^(\d{1,5})([dhms])$/.exec(text) ?? [];
  if (count === undefined)
    throw new InvalidArgumentError(
      'Give a whole number of days, hours, minutes or seconds: 7d, 36h, 90m, 0s.',
    );
  return Number(count) * SECONDS_OF[unit as keyof typeof SECONDS_OF];
}

export function parsePipelineName(text: string): string {
  if (PIPELINE_NAME.test(text)) return text;
  throw new InvalidArgumentError('Names have lower case letters, digits and hyphens.');
}

/** Of an option that may be given more than once. */
export const parsePath = (path: string, before: string[] = []): string[] => [...before, path];
