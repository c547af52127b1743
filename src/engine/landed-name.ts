import { basename } from 'node:path';
import type { LandedFile } from './tasks';

/** The same wherever the file has been moved since, so that a parser is told the same. */
export const nameOfLanded = ({ key, fileName }: Pick<LandedFile, 'key' | 'fileName'>): string =>
  fileName ?? basename(key);
