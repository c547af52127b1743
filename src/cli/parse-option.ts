import { InvalidArgumentError } from 'commander';

/** UTC epoch seconds from epoch seconds or ISO 8601, as Airflow's logical date has it. */
export function parseTimestamp(text: string): number {
  const isIso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(text);
  const timestamp = /^\d{1,10}$/.test(text)
    ? Number(text)
    : isIso
      ? Math.floor(Date.parse(text) / 1000)
      : Number.NaN;
  if (timestamp > 0) return timestamp;
  throw new InvalidArgumentError(
    'Give UTC epoch seconds (1534968800) or an ISO 8601 time with its zone (2018-08-22T20:13:20Z).',
  );
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
