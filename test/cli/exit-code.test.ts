import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT_CODES, exitCodeOf } from '../../src/cli/exit-code';
import { DefinitionError, IntegrityError, SetupError, UnavailableError, UsageError } from '../../src/errors';
import { RunFailedError, type FailedOutcome } from '../../src/run-failed-error';
import { runLandfall } from '../support/run-landfall';
import { REPOSITORY } from '../support/test-pipeline';

const WORDS = { happened: 'It broke.', next: 'Mend it.' };

/** `| 3 | refused |` and the like, wherever in the section and however spaced or decorated. */
function readDocumentedCodes(): number[] {
  const readme = join(REPOSITORY, 'README.md');
  const text = existsSync(readme) ? readFileSync(readme, 'utf8') : '';
  const section = /^#+ *exit codes\b.*\n([\s\S]*?)(?=^#+ |(?![\s\S]))/im.exec(text)?.[1] ?? '';
  const rows = section.matchAll(/^\s*\|\s*[`*]*(\d+)[`*]*\s*\|\s*\S.*$/gm);
  return [...rows].map(([, code]) => Number(code)).sort((a, b) => a - b);
}

test('the README’s table of exit codes has every one, and no other', () => {
  expect(readDocumentedCodes()).toEqual(Object.values(EXIT_CODES).sort((a, b) => a - b));
});

const ofOthers: number[] = [EXIT_CODES.damaged, EXIT_CODES.differs, EXIT_CODES.busy];

test('landfall run --help lists every exit code that a run can have', async () => {
  const { stdout } = await runLandfall(['run', '--help']);
  const listed = /Exit codes: ([\s\S]*?)\.\n/.exec(stdout)?.[1] ?? '';
  expect([...listed.matchAll(/\b\d+\b/g)].map(Number)).toEqual(
    Object.values(EXIT_CODES).filter((code) => !ofOthers.includes(code)),
  );
});

test.each([
  ['bad input', new UsageError(WORDS), 2],
  ['a bad definition', new DefinitionError(WORDS), 2],
  ['bad surroundings', new SetupError(WORDS), 6],
  ['a service that does not answer', new UnavailableError(WORDS), 6],
  ['any other failure', new IntegrityError(WORDS), 1],
  ['what nobody foresaw', new Error('unforeseen'), 1],
  ['a failed run', runThat('failed'), 1],
  ['a refused run', runThat('refused'), 3],
  ['a cancelled run', runThat('cancelled'), 4],
  ['a run that took too long', runThat('timed-out'), 5],
])('%s ends with its exit code', (_, error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});

function runThat(outcome: FailedOutcome): RunFailedError {
  return new RunFailedError({ pipeline: 'x', fileLandTimestamp: 1 }, outcome, WORDS);
}
