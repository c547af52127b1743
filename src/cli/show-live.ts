import { STAGES } from '../layout/areas';
import type { RunProgress } from '../workflows/run-progress';
import { createStageDescriber } from './describe-stage';

interface ShownStage {
  title(text: string): void;
  end(state: 'done' | 'skipped' | 'failed'): void;
}

/** Every stage on a line that changes in place, on standard error. */
export async function showLive(progress: AsyncIterable<RunProgress>): Promise<void> {
  const { DefaultRenderer, Listr, ListrLogger, ProcessOutput } = await import('listr2');
  class OnStandardError extends DefaultRenderer {
    // It asks whether standard output is a terminal, which is where the answer goes.
    static override nonTTY = true;
  }
  const processOutput = new ProcessOutput(process.stderr, process.stdout);
  const shown = new Map<string, ShownStage>();
  const list = new Listr(
    STAGES.map((stage) => ({
      title: stage,
      task: (_, task) =>
        new Promise<void>((resolve, reject) => {
          let hasEnded = false;
          shown.set(stage, {
            title: (text) => (task.title = text),
            end: (state) => {
              if (hasEnded) return;
              hasEnded = true;
              if (state === 'skipped') task.skip(task.title);
              if (state === 'failed') reject(new Error(task.title));
              else resolve();
            },
          });
        }),
    })),
    {
      concurrent: true,
      exitOnError: false,
      // What Ctrl-C means is the command's to say.
      registerSignalListeners: false,
      renderer: OnStandardError,
      rendererOptions: {
        collapseErrors: false,
        showErrorMessage: false,
        logger: new ListrLogger({ processOutput, useIcons: true, toStderr: [] }),
      },
    },
  );
  const running = list.run();
  const describe = createStageDescriber();
  for await (const { stages } of progress) {
    for (const stage of stages) {
      const line = shown.get(stage.stage);
      line?.title(describe(stage));
      if (stage.state === 'done' || stage.state === 'skipped' || stage.state === 'failed')
        line?.end(stage.state);
    }
  }
  for (const line of shown.values()) line.end('skipped');
  await running;
}
