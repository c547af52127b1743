import type { RunProgress, StageProgress } from '../workflows/run-progress';
import { createStageDescriber, isSettled } from './describe-stage';
import { printNote } from './print';

const MARKS: Partial<Record<StageProgress['state'], string>> = { done: '✓', skipped: '–', failed: '✗' };

/** One line a stage, when it has ended. */
export async function showLines(progress: AsyncIterable<RunProgress>): Promise<void> {
  const shown = new Set<string>();
  const describe = createStageDescriber();
  for await (const { stages } of progress) {
    for (const stage of stages) {
      if (!isSettled(stage) || shown.has(stage.stage)) continue;
      shown.add(stage.stage);
      printNote(`  ${MARKS[stage.state]} ${describe(stage)}`);
    }
  }
}
