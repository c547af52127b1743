import { collectDecisive, judgeDelivery } from '../../checks/judge-delivery';
import { addVolume, judgeVolumes, NO_VOLUME, type Volume } from '../../checks/judge-volumes';
import type { Pipeline } from '../../definition/pipeline';
import { checkFile } from '../../engine/check-file';
import { ReportBuilder } from '../../report/build-report';
import type { ValidationReport } from '../../report/validation-report';
import { keepAnswerableKeys } from './answerable-keys';
import type { Assigned } from './assign-inputs';
import { compareKeys } from './compare-keys';
import { inputObject } from './input-store';
import { createTasks, type TaskSurroundings } from './perform-tasks';

/**
 * What a run's F1 does with the same files, as far as they tell: every file, how much came, the keys of all, and what
 * follows from that for the other tables.
 */
export async function checkInputs(
  declared: Pipeline,
  { files, findings, notChecked, isWhole }: Assigned,
  surroundings: TaskSurroundings,
): Promise<ValidationReport> {
  const given = new Set(files.map(({ table }) => table));
  const answerable = keepAnswerableKeys(declared, given, isWhole);
  const builder = new ReportBuilder(answerable.pipeline);
  builder.addFindings(findings);
  const decisive = collectDecisive(findings);
  const received = new Map<string, Volume>();
  const tasks = createTasks(answerable.pipeline, files, surroundings);
  try {
    for (const { input, table } of files) {
      const task = { pipeline: declared.name, table, source: inputObject(input) };
      const checked = await tasks.perform((context) => checkFile(task, context));
      builder.addFile({ table, file: input.shown, ...checked });
      decisive.add(table, checked.findings);
      received.set(table, addVolume(received.get(table), checked.rows, checked.bytes));
      tasks.next(checked);
    }
    const ofAll = [
      ...(isWhole ? judgeAmounts(declared, received) : []),
      ...(await compareKeys(answerable.pipeline, files, tasks)),
    ];
    builder.addFindings(ofAll);
    const tables = declared.tables.filter(({ name }) => given.has(name));
    const judged = judgeDelivery([...decisive.list, ...ofAll], tables, {
      allMustPass: declared.allMustPass,
      isAccepted: false,
    });
    builder.addFindings(judged.findings.filter(({ code }) => code === 'reference-left-out'));
    const { leftOut } = judged;
    return builder.finish({
      notChecked: [...notChecked, ...answerable.notChecked],
      ...(isWhole && leftOut !== 'all' && leftOut.length > 0 ? { leftOut } : {}),
    });
  } finally {
    tasks.end();
  }
}

const judgeAmounts = (pipeline: Pipeline, received: ReadonlyMap<string, Volume>) =>
  pipeline.tables.flatMap((table) => judgeVolumes(table, received.get(table.name) ?? NO_VOLUME, []).findings);
