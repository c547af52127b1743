import { badAnswersOf } from './bad-answers';
import type { CaseGroup } from './case';
import { crashesOf, crashPairsOf } from './crashes';
import { eventsOf } from './events';
import { killsOf, triggersOf } from './live-workers';
import { mutants } from './mutants';
import { reUploadsOf } from './re-uploads';
import { zombiesOf } from './zombies';
import { SMALLEST, UNVERSIONED, USUAL } from './scenes';

export const GROUPS: readonly CaseGroup[] = [
  crashesOf(SMALLEST),
  crashesOf(USUAL),
  badAnswersOf(SMALLEST),
  badAnswersOf(USUAL),
  reUploadsOf(SMALLEST),
  reUploadsOf(UNVERSIONED),
  zombiesOf(SMALLEST),
  zombiesOf(USUAL),
  triggersOf(UNVERSIONED),
  eventsOf(UNVERSIONED),
  killsOf(USUAL),
  mutants,
  crashPairsOf(SMALLEST),
];
