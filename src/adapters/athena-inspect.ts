import { AthenaClient, GetWorkGroupCommand } from '@aws-sdk/client-athena';
import { explainFailures } from './aws-errors';
import { awsSettings } from './aws-settings';
import type { CallOptions } from './object-store';

export interface WorkGroupState {
  name: string;
  state: string;
  /** Where the workgroup itself writes results, if it says. */
  outputLocation: string | undefined;
}

/** @throws SetupError naming the permission that is lacking */
export async function readWorkGroup(name: string, { signal }: CallOptions = {}): Promise<WorkGroupState> {
  const athena = new AthenaClient({ ...awsSettings(), maxAttempts: 2 });
  const call = {
    service: 'ATHENA' as const,
    doing: `Looking at the Athena workgroup ${name}`,
    permission: `athena:GetWorkGroup on the workgroup ${name}`,
    signal,
  };
  const { WorkGroup } = await explainFailures(call, () =>
    athena.send(
      new GetWorkGroupCommand({ WorkGroup: name }),
      signal === undefined ? {} : { abortSignal: signal },
    ),
  );
  const outputLocation = WorkGroup?.Configuration?.ResultConfiguration?.OutputLocation;
  return {
    name,
    state: WorkGroup?.State ?? 'of unknown state',
    outputLocation: outputLocation === '' ? undefined : outputLocation,
  };
}
