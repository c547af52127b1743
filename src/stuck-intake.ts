import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { SetupError } from './errors';
import { intakeWorkflowId } from './layout/workflow-names';

/** So Temporal refuses an update while a workflow's tasks time out or fail, and says it by no code of its own. */
const REFUSED = /Workflow Task in failed state/;

/** Whether Temporal took nothing of what was asked for, since no worker got through the intake's last tasks. */
export function isStuck(error: unknown): boolean {
  const failure = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(failure) && REFUSED.test(`${failure.details} ${failure.message}`);
}

export const toStuckIntake = (pipeline: string, error: unknown): SetupError =>
  new SetupError(
    {
      happened: `The worker of pipeline "${pipeline}" does not get on: Temporal gives it the intake's work again and again, and it is not done.`,
      unchanged: 'What was asked for was not taken.',
      next: `See why in the worker's log, or in the Web UI at the workflow ${intakeWorkflowId(pipeline)}; start the worker again, then call again.`,
    },
    { cause: error },
  );
