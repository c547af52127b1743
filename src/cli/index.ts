import { Command, CommanderError } from 'commander';
import { addDecisionCommands } from './decision-commands';
import { addDevCommand } from './dev-command';
import { addDoctorCommand } from './doctor-command';
import { EXIT_CODES, exitCodeOf } from './exit-code';
import { addImportMetadataCommand } from './import-metadata-command';
import { addMaintenanceCommands } from './maintenance-commands';
import { printError } from './print';
import { addPauseCommands } from './pause-commands';
import { addPlanCommand } from './plan-command';
import { addRunCommand } from './run-command';
import { printRefusal } from './print-refusal';
import { RunFailedError } from '../run-failed-error';
import { addStatusCommand } from './status-command';
import { toUsageError } from './usage-failure';
import { addValidateCommand } from './validate-command';
import { addVerifyCommand } from './verify-command';
import { addWorkerCommand } from './worker-command';

// eslint-disable-next-line @typescript-eslint/no-require-imports -- outside the compiled sources
const { version } = require('../../package.json') as { version: string };

function endWith(error: unknown): void {
  const asJson = process.argv.includes('--json');
  if (!(error instanceof CommanderError)) {
    if (error instanceof RunFailedError && error.refusal) printRefusal(error, error.refusal, asJson);
    else printError(error, asJson);
    process.exitCode = exitCodeOf(error);
  } else if (error.exitCode !== 0) {
    // Commander has said it in words.
    if (asJson) printError(toUsageError(error), true, () => undefined);
    process.exitCode = EXIT_CODES.badInput;
  }
}

// `landfall status x | head`, or a terminal that was closed: nobody is left to tell.
process.stdout.on('error', () => process.exit());
process.stderr.on('error', () => undefined);
process.on('uncaughtException', (error) => {
  endWith(error);
  process.exit();
});

const program = new Command('landfall')
  .description('From files in an S3 landing area to tables in Athena, losing nothing')
  .version(version)
  .showHelpAfterError('(see --help)')
  .exitOverride();
addDevCommand(program);
addWorkerCommand(program);
addRunCommand(program);
addStatusCommand(program);
addDecisionCommands(program);
addPauseCommands(program);
addPlanCommand(program);
addMaintenanceCommands(program);
addValidateCommand(program);
addImportMetadataCommand(program);
addVerifyCommand(program);
addDoctorCommand(program);
program.parseAsync().catch(endWith);
