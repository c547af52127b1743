import {
  ActivityFailure,
  ApplicationFailure,
  getExternalWorkflowHandle,
  setCurrentDetails,
} from '@temporalio/workflow';
import { describeMaintenance } from '../layout/describe-maintenance';
import type { MaintenanceRequest, MaintenanceResult, RollbackResult } from '../layout/maintenance';
import { intakeWorkflowId } from '../layout/workflow-names';
import { activities } from './activities';
import { pauseSignal } from './intake-messages';

export interface MaintainInput {
  pipeline: string;
  request: MaintenanceRequest;
}

/** Begun by the intake, which takes nothing from land before it has ended. */
export async function maintain(input: MaintainInput): Promise<MaintenanceResult> {
  try {
    const result = await doMaintenance(input);
    setCurrentDetails(describeMaintenance(result).join('\n\n'));
    return result;
  } catch (error) {
    // The failure that explains, not the one that wraps it.
    if (error instanceof ActivityFailure && error.cause instanceof ApplicationFailure) throw error.cause;
    throw error;
  }
}

async function doMaintenance({ pipeline, request }: MaintainInput): Promise<MaintenanceResult> {
  switch (request.kind) {
    case 'rollback':
      return rollBack(pipeline, request);
    case 'gc': {
      const summary = 'curated: sweep what was superseded';
      return activities.sweepSnapshots.executeWithOptions({ summary }, [{ pipeline, ...request }]);
    }
    case 'recreate': {
      const summary = 'glue: database and tables as they were published';
      return activities.recreateDatabase.executeWithOptions({ summary }, [{ pipeline, ...request }]);
    }
  }
}

async function rollBack(
  pipeline: string,
  request: Extract<MaintenanceRequest, { kind: 'rollback' }>,
): Promise<RollbackResult> {
  const input = { pipeline, ...request };
  const planned = await activities.planRollback.executeWithOptions(
    { summary: 'curated: is every file of that publish there' },
    [input],
  );
  if (request.dryRun) return planned;
  const { by, why } = request;
  // The next delivery would publish forward over it; what was refused until here has paused nothing.
  await getExternalWorkflowHandle(intakeWorkflowId(pipeline)).signal(pauseSignal, { by, why });
  return activities.rollBackTables.executeWithOptions({ summary: 'glue: tables to that publish' }, [input]);
}
