import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { RunOutcome } from './layout/delivery';
import { searchAttributes } from './layout/search-attributes';

export interface RunSummary {
  workflowId: string;
  runId: string;
  fileLandTimestamp: number;
  outcome: RunOutcome | 'timed-out';
  version: string | undefined;
  startedAt: Date;
  endedAt: Date | undefined;
}

const OUTCOME_OF: Partial<Record<WorkflowExecutionInfo['status']['name'], RunSummary['outcome']>> = {
  RUNNING: 'running',
  PAUSED: 'running',
  COMPLETED: 'published',
  CANCELLED: 'cancelled',
  TERMINATED: 'cancelled',
  TIMED_OUT: 'timed-out',
};

export function summarizeRun(execution: WorkflowExecutionInfo): RunSummary {
  const { workflowId, runId, status, typedSearchAttributes, startTime, closeTime } = execution;
  return {
    workflowId,
    runId,
    fileLandTimestamp: typedSearchAttributes.get(searchAttributes.fileLandTimestamp) ?? 0,
    // A run that was ended from outside never said so itself; one that failed alone knows whether it was refused.
    outcome: OUTCOME_OF[status.name] ?? outcomeOfFailed(typedSearchAttributes.get(searchAttributes.outcome)),
    version: typedSearchAttributes.get(searchAttributes.version),
    startedAt: startTime,
    endedAt: closeTime,
  };
}

const outcomeOfFailed = (said: string | undefined): RunSummary['outcome'] =>
  said === 'refused' ? 'refused' : 'failed';
