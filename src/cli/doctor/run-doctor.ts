import { plural } from '../../checks/numbers';
import { printable } from '../../checks/printable';
import { examine, type Examination } from '../../doctor/examine';
import type { ProbeVerdict } from '../../doctor/probe';
import { UsageError } from '../../errors';
import type { DoctorOptions } from '../doctor-command';
import { EXIT_CODES } from '../exit-code';
import { printAnswer, printJson, printNote } from '../print';
import { useRunningStack } from '../running-stack';
import { choosePipeline } from '../validate/choose-pipeline';

const SIGNS: Record<ProbeVerdict, string> = { ok: '✓', warning: '!', failed: '✗', skipped: '-' };

export async function runDoctor(
  named: string | undefined,
  { module: modules = [], json = false }: DoctorOptions,
): Promise<void> {
  if (named === undefined && modules.length > 0) {
    throw new UsageError({
      happened: 'Modules are given, but no pipeline.',
      next: 'Say which: landfall doctor <name> --module <path>',
    });
  }
  useRunningStack();
  if (process.stderr.isTTY) printNote('Looking …');
  const found = await examine(
    named === undefined ? undefined : () => choosePipeline(named, modules, { command: 'doctor', rest: '' }),
  );
  if (json) printJson(found);
  else printExamination(found);
  if (found.verdict === 'failed') process.exitCode = EXIT_CODES.unreachable;
}

function printExamination({ probes, verdict }: Examination): void {
  const width = Math.max(...probes.map(({ name }) => name.length));
  for (const { name, verdict: of, seen, next } of probes) {
    printAnswer(`${SIGNS[of]} ${name.padEnd(width)}  ${printable(seen)}`);
    if (next !== undefined) printAnswer(`${' '.repeat(width + 4)}→ ${printable(next)}`);
  }
  const count = (of: ProbeVerdict): number => probes.filter((each) => each.verdict === of).length;
  const counts = `${plural(count('failed'), 'failure')}, ${plural(count('warning'), 'warning')}`;
  const words = {
    ok: 'All is well.',
    warning: `Fit to run, with ${plural(count('warning'), 'warning')}.`,
    failed: `Not fit to run: ${counts}.`,
  };
  printAnswer(`\n${words[verdict]}`);
}
