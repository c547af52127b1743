import { DEVELOPMENT } from '../../version';
import { currentRunId } from '../context';

/**
 * What stands for the code of a curation's transform, so that rows of other code are never taken for its own: the image's
 * tag. Where there is none nothing is known of the code, so that every run counts as another.
 */
export const identifyCode = (version: string): string =>
  version === DEVELOPMENT ? `run ${currentRunId()}` : version;
