import { readFileSync, rmSync } from 'node:fs';
import { LandfallClient } from '../../src/client';
import { runLandfall, startTestWorker, type TestWorker } from '../support/run-landfall';
import { createGatedPipeline, type GatedPipeline } from './gated-pipeline';
import { expectNoStackTrace, readJson, startLandfall, startOnTerminal } from './start-landfall';

/** What hides the cursor, shows it, and moves it. */
const HIDE = '\u001b[?25l';
const SHOW = '\u001b[?25h';

let pipeline: GatedPipeline;
let worker: TestWorker;
let landed = 0;

beforeAll(async () => {
  pipeline = await createGatedPipeline();
  worker = await startTestWorker([pipeline.module]);
});
afterAll(async () => {
  pipeline.open();
  await worker.stop();
  pipeline.remove();
});

/** A run that waits in its transform. */
async function land(): Promise<void> {
  pipeline.close();
  await pipeline.land('orders-data/data.csv', `id\n${(landed += 1)}\n`);
}

const timestampIn = (words: string): string => /delivery (\d+)/.exec(words)?.[1] ?? '';

test('SIGTERM cancels the run: exit code 4; run again, it goes on and is published', async () => {
  await land();
  const following = startLandfall(['run', pipeline.name]);
  await pipeline.reached();
  const timestamp = timestampIn(await following.said('Run of delivery'));
  following.process.kill('SIGTERM');
  const result = await following.ended;
  expect(result).toMatchObject({ code: 4, stdout: '' });
  expect(result.stderr).toContain(`Cancelling delivery ${timestamp} …`);
  expect(result.stderr).toContain(
    `The run of delivery ${timestamp} of pipeline "${pipeline.name}" was cancelled.`,
  );
  expectNoStackTrace(result);

  pipeline.open();
  const again = await runLandfall(['run', pipeline.name, '--json']);
  expect(again.code).toBe(0);
  expect(readJson(again)).toMatchObject({ outcome: 'published', fileLandTimestamp: Number(timestamp) });
});

test('Ctrl-C leaves the run going on: exit code 130, and it can be come back to', async () => {
  await land();
  const following = startLandfall(['run', pipeline.name]);
  await pipeline.reached();
  const timestamp = timestampIn(await following.said('Run of delivery'));
  const killedAt = Date.now();
  following.process.kill('SIGINT');
  const left = await following.ended;
  // The server answers a call that waits for a result after twenty seconds.
  expect(Date.now() - killedAt).toBeLessThan(10_000);
  const comeBack = ['run', pipeline.name, '--timestamp', timestamp];
  expect(left).toMatchObject({ code: 130, stdout: '' });
  expect(left.stderr).toContain(`goes on. Come back to it with: landfall ${comeBack.join(' ')}\n`);

  const forScripts = startLandfall([...comeBack, '--json']);
  await forScripts.said('Attached to the run of delivery');
  forScripts.process.kill('SIGINT');
  const running = await forScripts.ended;
  expect(running.code).toBe(130);
  expect(readJson(running)).toEqual({
    outcome: 'running',
    pipeline: pipeline.name,
    fileLandTimestamp: Number(timestamp),
    workflowId: `landfall-${pipeline.name}-${timestamp}`,
    attached: true,
  });

  const back = startLandfall(comeBack);
  await back.said('Attached to the run of delivery');
  pipeline.open();
  expect(await back.ended).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`Delivery ${timestamp} is published`) as string,
  });
});

test('--no-wait answers at once with the run that has begun', async () => {
  await land();
  const begun = await runLandfall(['run', pipeline.name, '--no-wait']);
  const forScripts = await runLandfall(['run', pipeline.name, '--no-wait', '--json']);
  pipeline.open();
  const timestamp = Number(timestampIn(begun.stdout));
  const workflowId = `landfall-${pipeline.name}-${timestamp}`;
  expect(begun).toEqual({ code: 0, stdout: `Run of delivery ${timestamp} (${workflowId})\n`, stderr: '' });
  expect(forScripts).toMatchObject({ code: 0, stderr: '' });
  expect(readJson(forScripts)).toEqual({
    outcome: 'running',
    pipeline: pipeline.name,
    fileLandTimestamp: timestamp,
    workflowId,
    attached: true,
  });
  const client = await LandfallClient.connect();
  await client.result(pipeline.name, timestamp);
  await client.close();
});

describe('on a terminal', () => {
  test('stages change in place, the screen is left clean, and the answer alone goes to standard output', async () => {
    await land();
    const file = `${pipeline.module}.answer`;
    const following = startOnTerminal(`run ${pipeline.name} > ${file}`);
    await pipeline.reached();
    await following.said('processed');
    pipeline.open();
    const { code, stdout: screen } = await following.ended;
    const answer = readFileSync(file, 'utf8');
    rmSync(file);
    expect(code).toBe(0);
    expect(answer).toMatch(
      /^Delivery \d+ is published.*\ntable .*\norders .*\nReport: \S+\nValidation: \S+\n$/,
    );
    const last = screen.slice(screen.lastIndexOf('\u001b[G') + 1);
    for (const stage of ['land', 'raw-hist', 'raw', 'processed', 'curated', 'glue']) {
      expect(last).toContain(`✔ ${stage}: 1 of 1 `);
    }
    expect(screen.lastIndexOf(SHOW)).toBeGreaterThan(screen.lastIndexOf(HIDE));
  });

  test('Ctrl-C shows the cursor again and says how to come back', async () => {
    await land();
    const following = startOnTerminal(`run ${pipeline.name}`);
    await pipeline.reached();
    await following.said('processed');
    following.process.stdin?.write('\u0003');
    const { code, stdout: screen } = await following.ended;
    pipeline.open();
    expect(code).toBe(130);
    expect(screen.lastIndexOf(SHOW)).toBeGreaterThan(screen.lastIndexOf(HIDE));
    const said = screen.slice(screen.lastIndexOf(HIDE));
    expect(said).toMatch(/The run of delivery \d+ goes on\. Come back to it with: landfall run test-/);
    await runLandfall(['run', pipeline.name, '--timestamp', timestampIn(said)]);
  });
});
