import { setTimeout as delay } from 'node:timers/promises';
import type { LandfallClient } from '../client';
import { STAGES } from '../layout/areas';
import type { RunResult } from '../layout/delivery';
import { describeAmount } from '../layout/describe-amount';
import type { RunProgress, StageProgress } from '../workflows/run-progress';
import { printNote } from './print';

const POLL_MS = 300;

/** Waits for a run and shows how far it is: a line a stage, live on a terminal, as each is done elsewhere. */
export async function followRun(
  client: LandfallClient,
  pipeline: string,
  fileLandTimestamp: number,
  options: { quiet: boolean },
): Promise<RunResult> {
  const result = client.result(pipeline, fileLandTimestamp);
  if (options.quiet) return result;
  const ended = result.then(
    () => true,
    () => true,
  );
  const latest = watchProgress(client, pipeline, fileLandTimestamp, ended);
  if (process.stderr.isTTY) await showLive(latest);
  else await showLines(latest);
  return result;
}

async function* watchProgress(
  client: LandfallClient,
  pipeline: string,
  fileLandTimestamp: number,
  ended: Promise<boolean>,
): AsyncGenerator<RunProgress> {
  for (;;) {
    const isEnded = await Promise.race([ended, delay(POLL_MS, false)]);
    yield await client.progress(pipeline, fileLandTimestamp);
    if (isEnded) return;
  }
}

function describeStage(stage: StageProgress, startedAt: number): string {
  const seconds = (Date.now() - startedAt) / 1000;
  const isMeasurable = stage.state === 'running' && seconds > 1 && stage.rows > 0;
  const rate = isMeasurable ? `${Math.round(stage.rows / seconds).toLocaleString('en-GB')} rows/s` : '';
  const numbers = [describeAmount(stage.stage, stage, stage.of), rate].filter(Boolean).join(', ');
  return `${stage.stage}${numbers && ': '}${numbers}${stage.note ? ` (${stage.note})` : ''}`;
}

const isSettled = ({ state }: StageProgress): boolean =>
  state === 'done' || state === 'skipped' || state === 'failed';

async function showLines(progress: AsyncIterable<RunProgress>): Promise<void> {
  const shown = new Set<string>();
  const startedAt = Date.now();
  for await (const { stages } of progress) {
    for (const stage of stages) {
      if (!isSettled(stage) || shown.has(stage.stage)) continue;
      shown.add(stage.stage);
      printNote(
        `  ${stage.state === 'failed' ? '✗' : stage.state === 'skipped' ? '–' : '✓'} ${describeStage(stage, startedAt)}`,
      );
    }
  }
}

async function showLive(progress: AsyncIterable<RunProgress>): Promise<void> {
  const { Listr } = await import('listr2');
  const settle = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const titles = new Map<string, (title: string) => void>();
  const list = new Listr(
    STAGES.map((stage) => ({
      title: stage,
      task: (_: unknown, task: { title?: string }) => {
        titles.set(stage, (title) => (task.title = title));
        return new Promise<void>((resolve, reject) => settle.set(stage, { resolve, reject }));
      },
    })),
    {
      concurrent: true,
      exitOnError: false,
      rendererOptions: { collapseErrors: true, showErrorMessage: false },
    },
  );
  const shown = list.run();
  const startedAt = Date.now();
  for await (const { stages } of progress) {
    for (const stage of stages) {
      titles.get(stage.stage)?.(describeStage(stage, startedAt));
      if (stage.state === 'failed') settle.get(stage.stage)?.reject(new Error(stage.stage));
      else if (isSettled(stage)) settle.get(stage.stage)?.resolve();
    }
  }
  for (const { resolve } of settle.values()) resolve();
  await shown;
}
