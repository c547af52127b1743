import { stat, writeFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { UsageError } from '../../errors';
import { renderPage } from '../../report/render-page';
import type { ValidationReport } from '../../report/validation-report';

const FORMATS: Readonly<Record<string, (report: ValidationReport) => string>> = {
  '.html': renderPage,
  '.json': (report) => JSON.stringify(report),
};

const cannotWrite = (file: string, why: string): UsageError =>
  new UsageError({
    happened: `The report cannot be written to ${file}: ${why}.`,
    next: 'Give a file that ends with .html or .json, in a folder that is there.',
  });

/** Before hours of checking, not after. @throws UsageError when the report could not be written there */
export async function requireReportFile(file: string): Promise<void> {
  if (!(extname(file).toLowerCase() in FORMATS)) throw cannotWrite(file, 'its name ends with neither');
  const folder = await stat(dirname(resolve(file))).catch(() => undefined);
  if (!folder?.isDirectory()) throw cannotWrite(file, 'there is no such folder');
}

export async function writeReportFile(file: string, report: ValidationReport): Promise<void> {
  const text = FORMATS[extname(file).toLowerCase()]?.(report) ?? '';
  await writeFile(file, text).catch((error: unknown) => {
    throw cannotWrite(file, error instanceof Error ? error.message : String(error));
  });
}
