import type { WorkflowStartOptions } from '@temporalio/client';
import { searchAttributes } from './layout/search-attributes';
import { intakeWorkflowId, taskQueue } from './layout/workflow-names';
import type { intake } from './workflows/intake';

/** How a pipeline's intake is started by whoever has something for it: there is one for each pipeline. */
export const startIntakeOptions = (pipeline: string) =>
  ({
    workflowId: intakeWorkflowId(pipeline),
    taskQueue: taskQueue(pipeline),
    args: [{ pipeline }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `${pipeline}: intake`,
    typedSearchAttributes: [{ key: searchAttributes.pipeline, value: pipeline }],
  }) satisfies WorkflowStartOptions<typeof intake>;
