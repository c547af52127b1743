import { badAnswersOf } from './bad-answers';
import type { CaseGroup } from './case';
import { crashesOf, crashPairsOf } from './crashes';
import { mutants } from './mutants';
import { reUploadsOf } from './re-uploads';
import { SMALLEST, UNVERSIONED, USUAL } from './scenes';

export const GROUPS: readonly CaseGroup[] = [
  crashesOf(SMALLEST),
  crashesOf(USUAL),
  badAnswersOf(SMALLEST),
  badAnswersOf(USUAL),
  reUploadsOf(SMALLEST),
  reUploadsOf(UNVERSIONED),
  mutants,
  crashPairsOf(SMALLEST),
];
