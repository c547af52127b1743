import { getClient } from '@temporalio/activity';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Looked } from '../../layout/looked';
import { startIntakeOptions } from '../../start-intake';
import type { intake } from '../../workflows/intake';
import type { AskAgain } from '../../workflows/intake-messages';

/** Has the pipeline's intake look at land. @returns what that came to; a run that it began is not waited for */
export const askToLook =
  () =>
  async (pipeline: string): Promise<Looked> => {
    for (;;) {
      const startWorkflowOperation = new WithStartWorkflowOperation<typeof intake>(
        'intake',
        startIntakeOptions(pipeline),
      );
      const looked = await getClient().workflow.executeUpdateWithStart<typeof intake, Looked | AskAgain, []>(
        'look',
        { startWorkflowOperation },
      );
      if (looked.kind !== 'ask-again') return looked;
    }
  };
