import { Command, CommanderError } from 'commander';
import { addDevCommand } from './dev-command';
import { useRunningStack } from './running-stack';
import { EXIT_CODES, exitCodeOf } from './exit-code';
import { printError } from './print';
import { addRunCommand } from './run-command';
import { addStatusCommand } from './status-command';
import { addWorkerCommand } from './worker-command';

// eslint-disable-next-line @typescript-eslint/no-require-imports -- outside the compiled sources
const { version } = require('../../package.json') as { version: string };

const program = new Command('landfall')
  .description('From files in an S3 landing area to tables in Athena, losing nothing')
  .version(version)
  .showHelpAfterError('(see --help)')
  .exitOverride();
useRunningStack();
addDevCommand(program);
addWorkerCommand(program);
addRunCommand(program);
addStatusCommand(program);

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT_CODES.succeeded : EXIT_CODES.badInput;
    return;
  }
  printError(error, process.argv.includes('--json'));
  process.exitCode = exitCodeOf(error);
});
