import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import { REPOSITORY } from '../support/test-pipeline';

const HISTORIES = join(__dirname, 'histories');
const BUNDLE = join(REPOSITORY, 'dist', 'workflow-bundle.js');

// The broken replays below are meant to fail; their warnings would look like failures of the test.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
});

const names = readdirSync(HISTORIES).map((file) => file.replace('.json', ''));

function readHistory(name: string) {
  return historyFromJSON(JSON.parse(readFileSync(join(HISTORIES, `${name}.json`), 'utf8')));
}

/** Names of the histories that the workflow code no longer replays, with the reason. */
async function replay(code: string, chosen: readonly string[]): Promise<Record<string, string>> {
  const histories = chosen.map((name) => ({ workflowId: name, history: readHistory(name) }));
  const broken: Record<string, string> = {};
  for await (const { workflowId, error } of Worker.runReplayHistories(
    { workflowBundle: { code } },
    histories,
  )) {
    if (error) broken[workflowId] = error.message;
  }
  return broken;
}

describe('recorded histories', () => {
  const bundle = readFileSync(BUNDLE, 'utf8');

  test('there is one of every way that a run can go', () => {
    expect(names.sort()).toEqual([
      'intake',
      'intake-maintained',
      'intake-not-complete-then-complete',
      'intake-nudged',
      'listen-for-events',
      'maintain-gc',
      'maintain-recreate',
      'maintain-refused',
      'maintain-rollback',
      'run-cancelled',
      'run-failed-in-transform',
      'run-found-wanting-through-athena',
      'run-published',
      'run-published-read-through-athena',
      'run-published-without-raw',
      'run-refused',
      'run-resumed-from-raw-hist',
      'sweep',
    ]);
  });

  test('replay with today’s workflow code', async () => {
    expect(await replay(bundle, names)).toEqual({});
  });

  test('do not replay once a stage is left out or moved: the guard can fail', async () => {
    const changed = bundle
      .replace('await fillCurated(run);', '')
      .replace('activities_1.activities.pinDelivery', 'activities_1.activities.planDelivery');
    expect(changed).not.toBe(bundle);
    const broken = await replay(changed, ['intake', 'run-published']);
    expect(Object.keys(broken).sort()).toEqual(['intake', 'run-published']);
    expect(broken['run-published']).toMatch(/nondeterminism/i);
  });
});
