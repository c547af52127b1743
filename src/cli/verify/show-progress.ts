import { formatCount, plural } from '../../checks/numbers';
import { describeBytes } from '../../layout/describe-amount';
import type { VerifyProgress } from '../../verify/verification';

const EVERY_MS = 200;
const RATE_AFTER_MS = 1_000;

/** One line on a terminal that changes in place: deliveries, files, bytes and how fast; nothing elsewhere. */
export function showVerifyProgress(): { update: (progress: VerifyProgress) => void; end: () => void } {
  if (!process.stderr.isTTY) return { update: () => undefined, end: () => undefined };
  const began = Date.now();
  let shownAt = 0;
  return {
    update: ({ deliveries, ofDeliveries, objects, bytes }) => {
      const now = Date.now();
      if (now - shownAt < EVERY_MS) return;
      shownAt = now;
      const seconds = (now - began) / 1000;
      const rate =
        now - began < RATE_AFTER_MS || bytes === 0 ? '' : `, ${describeBytes(Math.round(bytes / seconds))}/s`;
      const line = `${formatCount(deliveries)} of ${plural(ofDeliveries, 'delivery', 'deliveries')}, ${plural(objects, 'file')}, ${describeBytes(bytes)} read${rate}`;
      process.stderr.write(`\r\u001b[K${line.slice(0, Math.max(20, process.stderr.columns - 1))}`);
    },
    end: () => {
      if (shownAt > 0) process.stderr.write('\r\u001b[K');
    },
  };
}
