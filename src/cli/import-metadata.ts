import { readFileSync, writeFileSync } from 'node:fs';
import { readMetadata } from '../definition/read-metadata';
import { writeMetadataTable } from '../definition/write-metadata-table';
import { UsageError } from '../errors';
import type { ImportMetadataOptions } from './import-metadata-command';
import { printAnswer, printJson, printNote } from './print';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError({
      happened: `${file} cannot be read (${codeOf(error)}).`,
      next: 'Give the path of a mojap-metadata table, such as metadata/cases.json.',
    });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw new UsageError({
      happened: `${file} is no JSON: ${error instanceof Error ? error.message : String(error)}.`,
      next: 'Give the path of a mojap-metadata table, such as metadata/cases.json.',
    });
  }
}

function writeCode(file: string, typescript: string, force: boolean): void {
  try {
    writeFileSync(file, typescript, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const exists = codeOf(error) === 'EEXIST';
    throw new UsageError({
      happened: exists ? `${file} is there already.` : `${file} cannot be written (${codeOf(error)}).`,
      unchanged: 'Nothing was written.',
      next: exists ? 'Give another name, or --force to replace it.' : 'Give another path.',
    });
  }
}

export function importMetadata(
  file: string,
  { output, force = false, json = false }: ImportMetadataOptions,
): void {
  const imported = readMetadata(readJson(file));
  const { identifier, typescript } = writeMetadataTable(imported);
  if (output !== undefined) writeCode(output, typescript, force);
  for (const words of imported.warnings) printNote(`Warning: ${words}.`);
  if (json) printJson({ table: imported.name, identifier, output, typescript, warnings: imported.warnings });
  else if (output === undefined) printAnswer(typescript.trimEnd());
  printNote(`Use it in a pipeline: tables: { ${imported.name}: ${identifier} }`);
}
