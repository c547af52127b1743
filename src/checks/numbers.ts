export const formatCount = (count: number): string => count.toLocaleString('en-GB');

/** `1,234 rows`, `1 row` */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** `2.5 %` of a share from 0 to 1; never 0 % or 100 % of what is neither. */
export function formatShare(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.001) return 'less than 0.001 %';
  if (percent < 100 && percent >= 99.95) return 'over 99.9 %';
  return `${percent >= 1 || percent === 0 ? percent.toFixed(1).replace('.0', '') : percent.toPrecision(1)} %`;
}
