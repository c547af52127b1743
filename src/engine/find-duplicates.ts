import { join } from 'node:path';
import { collectFindings, type FindingCollector } from '../checks/collect-findings';
import type { Table } from '../definition/pipeline';
import type { KeyLimits } from './key-index';
import { KeySpill, type KeyEntry, type KeyJudge } from './key-spill';
import type { RowsWatch } from './rows-watch';
import type { UniqueKey } from './table-key';

/** A collector for each file that has something, in the order of the files. */
export function collectByFile(table: string, files: readonly string[]) {
  const collectors = new Map<number, FindingCollector>();
  return {
    of(file: number): FindingCollector {
      const known = collectors.get(file) ?? collectFindings(table, files[file] ?? '');
      collectors.set(file, known);
      return known;
    },
    list: () => [...collectors].sort(([left], [right]) => left - right).flatMap(([, each]) => each.list()),
  };
}

/** Rows of one file that share a key have been found by its own check: each file's first is held against the others'. */
function judgeAcrossFiles(onDuplicate: (entry: KeyEntry, first: KeyEntry) => void): KeyJudge {
  const seen = new Map<string, { first: KeyEntry; lastFile: number }>();
  return (entry) => {
    const known = seen.get(entry.key);
    if (!known) seen.set(entry.key, { first: entry, lastFile: entry.file });
    else if (known.lastFile !== entry.file) {
      known.lastFile = entry.file;
      onDuplicate(entry, known.first);
    }
  };
}

/** Finds keys that stand in more than one file: a finding of each file but the first. */
export function findDuplicates(
  key: UniqueKey,
  table: Table,
  files: readonly string[],
  { tempFolder, place, limits }: { tempFolder: string; place: number; limits: KeyLimits },
): RowsWatch {
  const spill = new KeySpill(join(tempFolder, `unique-${place}`), limits);
  const findings = collectByFile(table.name, files);
  const { code, column, sensitive } = key;
  const onDuplicate = ({ file, row, line, key: found }: KeyEntry, first: KeyEntry): void =>
    findings.of(file).addToRow({
      code,
      column,
      row,
      line,
      value: key.show(found),
      first: { file: files[first.file] ?? '', row: first.row, line: first.line },
      sensitive,
    });
  return {
    add(file, { values, row, line }) {
      const read = key.read(values);
      return typeof read === 'string' ? spill.add({ key: read, file, row, line }) : undefined;
    },
    async finish() {
      await spill.finish(() => judgeAcrossFiles(onDuplicate));
      return findings.list();
    },
  };
}
