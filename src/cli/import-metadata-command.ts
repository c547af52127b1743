import type { Command } from 'commander';

export interface ImportMetadataOptions {
  output?: string;
  force?: boolean;
  json?: boolean;
}

export function addImportMetadataCommand(program: Command): void {
  program
    .command('import-metadata')
    .description('write the TypeScript of a table from mojap-metadata')
    .argument('<table.json>', 'a table of mojap-metadata 1.x')
    .option('-o, --output <file>', 'where to write it (standard output, unless given)')
    .option('--force', 'replace the file that is there')
    .option('--json', 'print name, TypeScript and warnings as one line of JSON')
    .addHelpText(
      'after',
      `
What the metadata says and a table cannot is told on standard error. A type that Glue does not have (uint64, null, time32,
time64, map) is an error that names the column.

Examples:
  $ landfall import-metadata metadata/cases.json
  $ landfall import-metadata metadata/cases.json -o pipelines/cases-table.ts`,
    )
    .action(async (file: string, options: ImportMetadataOptions) => {
      // Loaded when it is needed: whoever asks for help or mistypes need not wait for it.
      const { importMetadata } = await import('./import-metadata.js');
      importMetadata(file, options);
    });
}
