import { formatCount, plural } from '../../checks/numbers';
import { describeBytes } from '../../layout/describe-amount';
import type { VerifyProgress } from '../../verify/verification';
import { showLine } from '../show-line';

/** Deliveries, files, bytes and how fast, on a terminal. */
export function showVerifyProgress(): { update: (progress: VerifyProgress) => void; end: () => void } {
  const { update, end } = showLine();
  return {
    update: ({ deliveries, ofDeliveries, objects, bytes }) =>
      update((seconds) => {
        const rate =
          seconds === undefined || bytes === 0 ? '' : `, ${describeBytes(Math.round(bytes / seconds))}/s`;
        return `${formatCount(deliveries)} of ${plural(ofDeliveries, 'delivery', 'deliveries')}, ${plural(objects, 'file')}, ${describeBytes(bytes)} read${rate}`;
      }),
    end,
  };
}
