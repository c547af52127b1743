import type { DatabaseDifference, TableDifference } from '../../activities/glue/compare-databases';
import { plural } from '../../checks/numbers';
import { printable } from '../../checks/printable';
import { describeBytes } from '../../layout/describe-amount';
import type { AreaPlan } from '../../plan/plan-areas';
import type { PartitionPlan } from '../../plan/plan-partitions';
import type { PublishPlan } from '../../plan/plan-pipeline';
import { printAnswer } from '../print';

const MOST_SHOWN = 40;

/** `+` is made or added, `~` changed, `-` dropped, `!` missing. */
export function printPlan(plan: PublishPlan): void {
  const { database, isSame, glue, snapshots, partitions, curated, land, areas, readerCheck } = plan;
  if (isSame) {
    printAnswer(`✓ Database ${database} is as the code declares it, and nothing waits in land.`);
    return;
  }
  const lines = [...describeDatabase(database, glue), ...partitions.map((each) => describePartitions(each))];
  for (const line of [...lines, ...areas.flatMap(describeArea)]) printAnswer(printable(line));
  if (lines.length === 0) printAnswer(`Database ${database} is as the code declares it.`);
  for (const { table, differences } of curated) {
    printAnswer(printable(`~ table ${table}: all its files are made anew by the next delivery`));
    for (const difference of differences) printAnswer(printable(`    ${describeDifference(difference)}`));
  }
  for (const { table, object, detail } of snapshots.slice(0, MOST_SHOWN))
    printAnswer(printable(`! table ${table}: ${object}: ${detail}`));
  if (snapshots.length > MOST_SHOWN) printAnswer(`and ${snapshots.length - MOST_SHOWN} more: see --json`);
  for (const { table, files, bytes } of land) {
    const whose = table === null ? 'of no table (notes, or refused)' : `of table ${table}`;
    printAnswer(`In land: ${plural(files, 'file')} ${whose}, ${describeBytes(bytes)}`);
  }
  if (readerCheck) {
    const { database: checking, workgroup } = readerCheck;
    printAnswer(
      `Before readers are pointed at a table that changed, Athena is asked about it (workgroup ${workgroup}, in the database ${checking}); what is wanting is not published`,
    );
  }
  printAnswer(
    '\nNothing was changed. What is otherwise in Glue changes with the next delivery; back to the last publish: landfall glue recreate',
  );
}

function describeDatabase(database: string, glue: DatabaseDifference, place = ''): string[] {
  return [
    ...(glue.isMissing ? [`+ database ${database}`] : []),
    ...(glue.description ? [`~ database ${database}: description ${describeChange(glue.description)}`] : []),
    ...glue.created.map((table) => `+ table ${place}${table}`),
    ...glue.changed.flatMap(({ table, differences }) => [
      `~ table ${place}${table}`,
      ...differences.map((difference) => `    ${describeDifference(difference)}`),
    ]),
    ...glue.dropped.map((table) => `- table ${place}${table}`),
  ];
}

const describeArea = ({ database, glue, partitions }: AreaPlan): string[] => [
  ...describeDatabase(database, glue, `${database}.`),
  ...partitions.map((each) => describePartitions(each, `${database}.`)),
];

const describePartitions = ({ table, missing, otherwise, stale }: PartitionPlan, place = ''): string =>
  `~ table ${place}${table}: partitions + ${missing} ~ ${otherwise} - ${stale}`;

function describeDifference({ what, name, before, after }: TableDifference): string {
  const sign = before === undefined ? '+' : after === undefined ? '-' : '~';
  const subject = name === '' ? what : `${what} ${name}`;
  const values = [before, after].filter((value) => value !== undefined);
  return `${sign} ${subject}: ${values.map((value) => (value === '' ? '(none)' : value)).join(' → ')}`;
}

const describeChange = ({ before, after }: { before: string; after: string }): string =>
  `${before || '(none)'} → ${after || '(none)'}`;
