import type { Stage } from './areas';
import type { Amount } from './delivery';

const withCommas = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');

/** `1,234 bytes`, `56 kB`, `789 MB` */
export function describeBytes(bytes: number): string {
  if (bytes < 10_000) return `${withCommas(bytes)} bytes`;
  return bytes < 10_000_000
    ? `${withCommas(Math.round(bytes / 1e3))} kB`
    : `${withCommas(Math.round(bytes / 1e6))} MB`;
}

/** `3 of 7 files, 51,641 rows, 2,896 kB`; what is nothing is left out. */
export function describeAmount(stage: Stage, { files, rows, bytes }: Amount, of: number): string {
  const unit = stage === 'curated' || stage === 'glue' ? 'tables' : 'files';
  const parts = [
    `${withCommas(files)} of ${withCommas(of)} ${unit}`,
    rows > 0 ? `${withCommas(rows)} rows` : '',
    bytes > 0 ? describeBytes(bytes) : '',
  ];
  return of === 0 ? '' : parts.filter(Boolean).join(', ');
}
