import { join } from 'node:path';
import { collectFindings, type FindingCollector } from '../checks/collect-findings';
import type { Table } from '../definition/pipeline';
import type { KeyLimits } from './key-index';
import type { KeySpan } from './key-span';
import { KeySpill, type KeyJudge, type KeyPlace } from './key-spill';
import { KeyTable } from './key-table';
import { placeIn } from './row-batch';
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

type OnDuplicate = (key: KeySpan, place: KeyPlace, first: KeyPlace) => void;

/** Rows of one file that share a key have been found by its own check: each file's first is held against the others'. */
function judgeAcrossFiles(onDuplicate: OnDuplicate): KeyJudge {
  const seen = new KeyTable();
  // By number of the key.
  const firsts: KeyPlace[] = [];
  const lastFiles: number[] = [];
  return (key, place) => {
    if (seen.add(key)) {
      firsts.push({ ...place });
      lastFiles.push(place.file);
      return;
    }
    const number = seen.find(key);
    if (lastFiles[number] === place.file) return;
    lastFiles[number] = place.file;
    onDuplicate(key, place, firsts[number] as KeyPlace);
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
  const onDuplicate: OnDuplicate = (found, { file, row, line }, first) =>
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
    add(file, batch) {
      for (let at = 0; at < batch.length; at += 1) {
        const read = key.read(batch, at);
        if (read) spill.add(read, placeIn(batch, at, file));
      }
      return spill.relieve();
    },
    async finish() {
      await spill.finish(() => judgeAcrossFiles(onDuplicate));
      return findings.list();
    },
  };
}
