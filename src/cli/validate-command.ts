import type { Command } from 'commander';

export interface ValidateOptions {
  module?: string[];
  table?: string;
  report?: string;
  json?: boolean;
}

export function addValidateCommand(program: Command): void {
  program
    .command('validate')
    .description('check files as a run would, without Temporal; local files without AWS')
    .argument('<pipeline>', 'a module that exports the pipeline, or its name with --module')
    .argument('<files...>', 'files, s3:// keys, or the folder (s3://…/ prefix) of a whole delivery')
    .option('-m, --module <path>', 'a module that exports pipelines; may be given more than once', parsePath)
    .option('-t, --table <name>', 'the table of all the files (default: by the folder that each is in)')
    .option('--report <file>', 'write the whole report there: .html for people, .json for programs')
    .option('--json', 'print the whole report as one line of JSON')
    .addHelpText(
      'after',
      `
Nothing is written or moved. A file's table is told by its folder and name, as in land: …/orders-data/data.csv is of
table orders. Of a whole delivery it is also checked that no required table lacks its files; the output says what was
not checked. The shape of the JSON: docs/validation-report.schema.json.
Exit codes: 0 passed, 3 refused by validation, 2 bad input (a file, a table, a module), 6 AWS is unreachable.

Examples:
  $ landfall validate pipelines/orders.ts delivery/
  $ landfall validate pipelines/orders.ts delivery/orders-data/*.csv --report report.html
  $ landfall validate orders --module pipelines/all.ts --table orders march.csv --json
  $ landfall validate pipelines/orders.ts s3://my-land/production-environment/orders-data/`,
    )
    .action(async (pipeline: string, files: string[], options: ValidateOptions) => {
      // Loaded when it is needed: whoever asks for help or mistypes need not wait for it.
      const { runValidate } = await import('./validate/run-validate.js');
      await runValidate(pipeline, files, options);
    });
}
import { parsePath } from './parse-option';
