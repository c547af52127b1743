import { formatCount, plural } from '../../checks/numbers';
import { printable } from '../../checks/printable';
import { describeBytes } from '../../layout/describe-amount';
import { PROBLEMS, type ProblemKind, type Verification } from '../../verify/verification';
import { formatTable, printAnswer } from '../print';

const MOST_SHOWN = 40;

/** The verdict, what was looked at, what is wrong, and what has not ended. */
export function printVerification(found: Verification): void {
  const { verdict, problems, counts, unfinished } = found;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  printAnswer(
    verdict === 'sound'
      ? `✓ Sound: ${headline(found)}.`
      : `✗ Damaged: ${plural(total, 'problem')}; ${headline(found)}.`,
  );
  if (problems.length > 0) {
    const kinds = Object.entries(counts) as [ProblemKind, number][];
    printAnswer(
      `\n${formatTable(
        ['problem', 'count', ''],
        kinds.map(([kind, count]) => [kind, count, PROBLEMS[kind]]),
      )}`,
    );
    printAnswer('');
    for (const { kind, object, delivery, detail } of problems.slice(0, MOST_SHOWN)) {
      printAnswer(`${kind}: ${printable(object)}${delivery === undefined ? '' : ` (delivery ${delivery})`}`);
      printAnswer(`  ${printable(detail)}`);
    }
    if (total > MOST_SHOWN) printAnswer(`and ${formatCount(total - MOST_SHOWN)} more: see --json`);
    printAnswer('\nNothing was changed. What to do about each: docs/verify.md');
  }
  if (unfinished.length > 0) {
    printAnswer('\nBegun and not ended, which is no problem while a run of it goes on:');
    for (const { delivery, reached, detail } of unfinished.slice(0, MOST_SHOWN))
      printAnswer(`  ${delivery}: ${reached}; ${detail}`);
    if (unfinished.length > MOST_SHOWN)
      printAnswer(`  and ${formatCount(unfinished.length - MOST_SHOWN)} more: see --json`);
  }
}

function headline(found: Verification): string {
  const { mode, deliveries, objects, quarantined, bytesRead, unarchivedCopies, rawHist } = found;
  const { archived, superseded, refused, open } = deliveries;
  const others = [
    superseded > 0 ? `${formatCount(superseded)} superseded` : '',
    refused > 0 ? `${formatCount(refused)} refused` : '',
    open > 0 ? `${formatCount(open)} open` : '',
  ].filter(Boolean);
  const besides = others.length > 0 ? ` (besides: ${others.join(', ')})` : '';
  const how =
    mode === 'full'
      ? `${describeBytes(bytesRead)} read and compared`
      : 'existence, size and metadata compared';
  const moved = quarantined > 0 ? ` and ${plural(quarantined, 'file')} in quarantine` : '';
  const copies =
    unarchivedCopies > 0
      ? `; ${plural(unarchivedCopies, 'copy', 'copies')} of what was not archived, as manifests name them`
      : '';
  return `${plural(archived, 'archived delivery', 'archived deliveries')}${besides} with ${plural(objects, 'file')} in s3://${rawHist}${moved}, ${how}${copies}`;
}
