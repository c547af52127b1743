import { badAnswersOf } from './bad-answers';
import type { CaseGroup } from './case';
import { crashesOf, crashPairsOf } from './crashes';
import { eventsOf } from './events';
import { damagedCopiesOf } from './damaged-copies';
import { givenUpOf } from './given-up';
import { manyFiles, someFiles } from './many-files';
import { mutants } from './mutants';
import { reUploadsOf } from './re-uploads';
import { refusals } from './refusals';
import { DELTA, OVERWRITTEN, PAIR, REFUSED, SMALLEST, SUSPENDED, UNVERSIONED, USUAL } from './scenes';
import { stoppedWorkersOf } from './stopped-workers';
import { temporalKillsOf } from './temporal-kills';
import { triggersOf } from './triggers';
import { workerKillsOf } from './worker-kills';
import { zombiesOf } from './zombies';

/** In the order in which they run: what fails soonest comes first. */
export const GROUPS: readonly CaseGroup[] = [
  crashesOf(SMALLEST),
  crashesOf(USUAL),
  crashesOf(REFUSED),
  crashesOf(DELTA),
  badAnswersOf(SMALLEST),
  badAnswersOf(USUAL),
  reUploadsOf(SMALLEST, 'emulator'),
  reUploadsOf(UNVERSIONED, 'emulator'),
  reUploadsOf(SUSPENDED, 'emulator'),
  reUploadsOf(OVERWRITTEN, 'emulator'),
  zombiesOf(SMALLEST),
  zombiesOf(USUAL),
  zombiesOf(REFUSED),
  zombiesOf(DELTA),
  givenUpOf(PAIR),
  damagedCopiesOf(USUAL),
  damagedCopiesOf(REFUSED),
  refusals,
  triggersOf(UNVERSIONED),
  eventsOf(UNVERSIONED),
  workerKillsOf(USUAL, 'emulator'),
  temporalKillsOf(USUAL),
  someFiles,
  manyFiles,
  reUploadsOf(SMALLEST, 'versitygw'),
  reUploadsOf(UNVERSIONED, 'versitygw', 3),
  workerKillsOf(USUAL, 'versitygw'),
  stoppedWorkersOf(USUAL, 'versitygw'),
  mutants,
  crashPairsOf(SMALLEST),
];
