import type { Command } from 'commander';

export interface DoctorOptions {
  module?: string[];
  json?: boolean;
}

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('look at all that a pipeline needs, and say what is wrong and how to mend it')
    .argument('[pipeline]', 'a module that exports the pipeline, or its name with --module')
    .option('-m, --module <path>', 'a module that exports pipelines; may be given more than once', parsePath)
    .option('--json', 'print all that was seen as one line of JSON')
    .addHelpText(
      'after',
      `
Node, the module, credentials, each area's bucket (access, versioning, Object Lock, lifecycle), the conditions that the
store must honour, Glue, Athena, Temporal, the clock and the version. Run it as the role of the worker. Without a
pipeline it looks at the machine and Temporal alone. Nothing is left behind. What each probe means: docs/doctor.md.
Exit codes: 0 all is well, or warnings only; 6 something must be mended; 2 bad input.

Examples:
  $ landfall doctor pipelines/orders.ts
  $ landfall doctor orders --module pipelines/all.ts --json`,
    )
    .action(async (pipeline: string | undefined, options: DoctorOptions) => {
      // Loaded when it is needed: whoever asks for help or mistypes need not wait for it.
      const { runDoctor } = await import('./doctor/run-doctor.js');
      await runDoctor(pipeline, options);
    });
}
import { parsePath } from './parse-option';
