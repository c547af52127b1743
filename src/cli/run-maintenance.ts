import { printable } from '../checks/printable';
import { describeMaintenance } from '../layout/describe-maintenance';
import type { MaintenanceRequest, MaintenanceResult } from '../layout/maintenance';
import { EXIT_CODES } from './exit-code';
import { printAnswer, printJson, printNote } from './print';
import { listenForSignals } from './run-signals';
import { untilAborted } from './until-aborted';
import { withClient } from './with-client';

/** Has the pipeline's worker do it, and waits for the end; Ctrl-C and SIGTERM only stop waiting. */
export async function runMaintenance(
  pipeline: string,
  request: MaintenanceRequest,
  json: boolean,
): Promise<void> {
  const signals = listenForSignals();
  const { interrupted, terminated } = signals;
  let workflow = '';
  const left = Promise.race([untilAborted(interrupted), untilAborted(terminated)]);
  try {
    const result = await withClient((client) =>
      Promise.race([
        client.maintain<MaintenanceResult>(pipeline, request, ({ workflowId, attached }) => {
          workflow = workflowId;
          if (attached) printNote(`Attached to ${workflowId}, which is under way.`);
        }),
        left,
      ]),
    );
    if (result) printMaintenance(result, json);
    else stopWaiting(workflow, json);
  } finally {
    signals.end();
  }
  // What still waits for the server would hold this process for as long as the server lets it.
  if (interrupted.aborted || terminated.aborted) process.exit();
}

function printMaintenance(result: MaintenanceResult, json: boolean): void {
  if (json) {
    printJson(result);
    return;
  }
  for (const line of describeMaintenance(result)) printAnswer(line);
  if (result.kind !== 'gc') return;
  for (const { table, snapshot, files, bytes, was } of result.swept)
    printAnswer(`  ${table}, snapshot ${snapshot}: ${files} files, ${bytes} bytes, ${was}`);
  if (result.snapshots > result.swept.length)
    printAnswer(`  and ${result.snapshots - result.swept.length} more`);
  for (const name of result.named) printNote(`  stranger: ${printable(name)}`);
  if (result.strangers > result.named.length)
    printNote(`  and ${result.strangers - result.named.length} more strangers`);
}

function stopWaiting(workflow: string, json: boolean): void {
  const what = workflow === '' ? 'It may have begun' : `Workflow ${workflow} goes on`;
  if (json) printJson({ outcome: 'unknown', ...(workflow === '' ? {} : { workflowId: workflow }) });
  printNote(`Stopped waiting. ${what}; the same command attaches to it for as long as it does.`);
  process.exitCode = EXIT_CODES.detached;
}
