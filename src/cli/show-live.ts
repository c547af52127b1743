import { STAGES } from '../layout/areas';
import type { RunProgress } from '../workflows/run-progress';
import { createStageDescriber } from './describe-stage';

type EndState = 'done' | 'skipped' | 'failed';

interface ShownStage {
  title(text: string): void;
  end(state: EndState): void;
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
  const ended = new Map<string, EndState>();
  for await (const { stages } of progress) {
    for (const stage of stages) {
      const line = shown.get(stage.stage);
      line?.title(describe(stage));
      if (stage.state === 'waiting' || stage.state === 'running') continue;
      ended.set(stage.stage, stage.state);
      // Once every line has ended nothing can be changed in place any more, and notes may still come.
      if (stage.stage !== STAGES.at(-1)) line?.end(stage.state);
    }
  }
  for (const [stage, line] of shown) line.end(ended.get(stage) ?? 'skipped');
  await running;
}
