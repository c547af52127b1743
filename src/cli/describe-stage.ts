import { describeAmount } from '../layout/describe-amount';
import type { StageProgress } from '../workflows/run-progress';

const RATE_AFTER_MS = 1_000;

export const isSettled = ({ state }: StageProgress): boolean =>
  state === 'done' || state === 'skipped' || state === 'failed';

/** `land: 2 of 3 files, 1,234 rows, 56 kB, 789 rows/s`; the rate is that of the time it was watched. */
export function createStageDescriber(): (progress: StageProgress) => string {
  const firstSeen = new Map<string, { rows: number; at: number }>();
  return (progress) => {
    const { stage, state, of, rows, note } = progress;
    if (state === 'running' && !firstSeen.has(stage)) firstSeen.set(stage, { rows, at: Date.now() });
    const rate = state === 'running' ? formatRate(rows, firstSeen.get(stage)) : '';
    const numbers = [describeAmount(stage, progress, of), rate].filter(Boolean).join(', ');
    return `${stage}${numbers && ': '}${numbers}${note ? ` (${note})` : ''}`;
  };
}

function formatRate(rows: number, since: { rows: number; at: number } | undefined): string {
  const ms = since === undefined ? 0 : Date.now() - since.at;
  if (since === undefined || ms < RATE_AFTER_MS || rows === since.rows) return '';
  return `${Math.round(((rows - since.rows) / ms) * 1000).toLocaleString('en-GB')} rows/s`;
}
