import { defineQuery, setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { Stage } from '../layout/areas';
import { describeAmount } from '../layout/describe-amount';
import { addAmounts, NOTHING, type Amount, type RunOutcome } from '../layout/delivery';
import { searchAttributes } from '../layout/search-attributes';

export interface StageProgress extends Amount {
  stage: Stage;
  state: 'waiting' | 'running' | 'done' | 'skipped' | 'failed';
  /** Files (curated and glue: tables) that the stage will have dealt with when it is done. */
  of: number;
  note?: string;
}

export interface RunProgress {
  outcome: RunOutcome;
  stages: StageProgress[];
}

/** How far a run is, for those who follow it. */
export const progressQuery = defineQuery<RunProgress>('progress');

const MARKS: Record<StageProgress['state'], string> = {
  waiting: '·',
  running: '…',
  done: '✓',
  skipped: '–',
  failed: '✗',
};

/** Keeps what the Web UI, `landfall run` and `landfall status` show of a run, while it goes from stage to stage. */
export class ProgressKeeper {
  private readonly progress: RunProgress = { outcome: 'running', stages: [] };

  constructor(stages: readonly Stage[]) {
    this.progress.stages = stages.map((stage) => ({ stage, state: 'waiting', of: 0, ...NOTHING }));
    setHandler(progressQuery, () => this.progress);
  }

  begin(stage: Stage, of: number): void {
    Object.assign(this.find(stage), { state: 'running', of });
    this.show();
  }

  add(stage: Stage, amount: Amount): void {
    const entry = this.find(stage);
    Object.assign(entry, addAmounts(entry, amount));
    this.show();
  }

  done(stage: Stage, note?: string): void {
    Object.assign(this.find(stage), { state: 'done', ...(note === undefined ? {} : { note }) });
    this.show();
  }

  skip(stage: Stage, note: string): void {
    Object.assign(this.find(stage), { state: 'skipped', note });
    this.show();
  }

  end(outcome: Exclude<RunOutcome, 'running'>, message?: string): void {
    this.progress.outcome = outcome;
    for (const stage of this.progress.stages) {
      if (stage.state === 'running') stage.state = 'failed';
    }
    upsertSearchAttributes([{ key: searchAttributes.outcome, value: outcome }]);
    this.show(message);
  }

  private find(stage: Stage): StageProgress {
    const entry = this.progress.stages.find((each) => each.stage === stage);
    if (!entry) throw new Error(`this run has no stage ${stage}`);
    return entry;
  }

  private show(message?: string): void {
    // A list, not a table: the Web UI sets tables without room between their columns.
    const lines = this.progress.stages.map((entry) => {
      const texts = [describeAmount(entry.stage, entry, entry.of), entry.note];
      return `- ${MARKS[entry.state]} **${entry.stage}** ${texts.filter(Boolean).join(' – ')}`;
    });
    setCurrentDetails(
      [`**${this.progress.outcome}**`, lines.join('\n'), message].filter(Boolean).join('\n\n'),
    );
  }
}
