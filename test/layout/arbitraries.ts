import fc from 'fast-check';
import { findKeyProblem } from '../../src/layout/land-key';

/** The specification's example. */
export const FOLDERS = {
  environment: 'production-environment',
  folder: 'my-database-data',
  curatedFolder: 'my-database',
};

/** UTC epoch seconds, from one digit to ten. */
export const timestamps = fc.integer({ min: 1, max: 9_999_999_999 });

/** Names of files that may land; often with dots, underscores and endings in them. */
export const fileNames = fc
  .oneof(
    fc.string({ minLength: 1, unit: 'grapheme' }),
    fc.string({
      minLength: 1,
      unit: fc.constantFrom('a', 'B', '7', '.', '_', '-', ' ', '=', '.csv', '.gz', '_1'),
    }),
  )
  .filter((name) => !name.includes('/') && findKeyProblem(name) === undefined);
