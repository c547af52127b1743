import { describeBytes } from './describe-amount';
import { describeEvery } from './describe-every';
import type { GcResult, MaintenanceResult, RollbackResult, TableChanges } from './maintenance';

/** What it came to, line by line: for the Web UI and the terminal. */
export function describeMaintenance(result: MaintenanceResult): string[] {
  switch (result.kind) {
    case 'rollback':
      return describeRollback(result);
    case 'recreate': {
      const { dryRun, database, fileLandTimestamp, tables, files, bytes } = result;
      const verb = dryRun ? 'would be as' : 'is as';
      return [
        `Database ${database} ${verb} the publish of delivery ${fileLandTimestamp} declared it.`,
        ...describeChanges(tables, dryRun),
        `${describeFiles(files, bytes)} of curated looked at, none touched.`,
      ];
    }
    case 'gc':
      return describeGc(result);
  }
}

function describeRollback(result: RollbackResult): string[] {
  const { dryRun, pipeline, database, from, fileLandTimestamp, tables, files, bytes } = result;
  const before = from === null ? 'as no recorded publish left it' : `delivery ${from}`;
  const looked = `${describeFiles(files, bytes)} of it are there as they were recorded.`;
  if (dryRun) {
    return [
      `Database ${database} would go back from ${before} to the publish of delivery ${fileLandTimestamp}.`,
      ...describeChanges(tables, true),
      looked,
      `Nothing was changed. To do it: landfall rollback ${pipeline} --to ${fileLandTimestamp}`,
    ];
  }
  return [
    `Database ${database} is back from ${before} at the publish of delivery ${fileLandTimestamp}.`,
    ...describeChanges(tables, false),
    looked,
    `The pipeline is paused: the next delivery would publish forward over it, with all that was processed. When it may: landfall resume ${pipeline}`,
  ];
}

function describeGc(result: GcResult): string[] {
  const { dryRun, files, bytes, snapshots, kept, strangers, locked, graceSeconds, note } = result;
  const verb = dryRun ? 'would be deleted' : 'deleted';
  return [
    `${count(snapshots, 'snapshot')} with ${describeFiles(files, bytes)} ${verb}; ${count(kept, 'snapshot')} kept (grace ${describeEvery(graceSeconds)}).`,
    ...(note === undefined ? [] : [note]),
    ...(locked > 0
      ? [
          `${count(locked, 'file')} locked (Object Lock or legal hold): hidden by a delete marker, not deleted.`,
        ]
      : []),
    ...(strangers > 0
      ? [`${count(strangers, 'object')} that no record explains: not deleted. Find out who wrote them.`]
      : []),
  ];
}

function describeChanges({ created, updated, unchanged, dropped }: TableChanges, would: boolean): string[] {
  const lines = [
    [would ? 'to be made' : 'made', created],
    [would ? 'to be moved' : 'moved', updated],
    [would ? 'to be dropped' : 'dropped', dropped],
    ['as they are', unchanged],
  ] as const;
  return lines.flatMap(([what, names]) => (names.length > 0 ? [`Tables ${what}: ${names.join(', ')}`] : []));
}

const describeFiles = (files: number, bytes: number): string =>
  `${count(files, 'file')} (${describeBytes(bytes)})`;

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
