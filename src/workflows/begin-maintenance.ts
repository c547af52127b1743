import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import type { BegunMaintenance, MaintenanceRequest } from '../layout/maintenance';
import { searchAttributes } from '../layout/search-attributes';
import { maintenanceWorkflowId } from '../layout/workflow-names';
import type { maintain } from './maintain';

export interface Maintenance {
  request: MaintenanceRequest;
  begun: { workflowId: string; runId: string };
  ended: Promise<unknown>;
}

export async function beginMaintenance(pipeline: string, request: MaintenanceRequest): Promise<Maintenance> {
  const child = await startChild<typeof maintain>('maintain', {
    workflowId: maintenanceWorkflowId(pipeline, request.kind),
    args: [{ pipeline, request }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: `${pipeline}: ${request.kind}${request.dryRun ? ' (dry run)' : ''}`,
    typedSearchAttributes: [{ key: searchAttributes.pipeline, value: pipeline }],
  });
  const { workflowId, firstExecutionRunId: runId } = child;
  return { request, begun: { workflowId, runId }, ended: child.result() };
}

/** Whoever asks for the same again, as after Ctrl-C, is told of what is under way, not given a second one. */
export function describeUnderWay(
  { request, begun }: Maintenance,
  asked: MaintenanceRequest,
): Exclude<BegunMaintenance, { kind: 'under-way' }> {
  return isSameRequest(request, asked)
    ? { kind: 'begun', ...begun, attached: true }
    : { kind: 'busy', workflowId: begun.workflowId };
}

function isSameRequest(a: MaintenanceRequest, b: MaintenanceRequest): boolean {
  if (a.kind !== b.kind || a.dryRun !== b.dryRun) return false;
  if (a.kind === 'rollback') return a.to === (b as typeof a).to;
  return a.kind !== 'gc' || a.graceSeconds === (b as typeof a).graceSeconds;
}
