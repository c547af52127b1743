import { join } from 'node:path';
import type { FindingCollector } from '../checks/collect-findings';
import type { Table } from '../definition/pipeline';
import { KeyIndex, shareKeyLimits } from './key-index';
import { uniqueKeys, type UniqueKey } from './table-key';
import type { TableRow } from './table-row';

export interface KeyWatch {
  /** @returns a promise when the caller should wait before it adds more */
  add(row: TableRow): Promise<void> | undefined;
  finish(): Promise<void>;
}

function watchKey(key: UniqueKey, index: KeyIndex, findings: FindingCollector): KeyWatch {
  const { code, column } = key;
  return {
    add({ values, row, line }) {
      const read = key.read(values);
      if (read === null && code === 'duplicate-key')
        findings.addToRow({ code: 'null-in-key', column, row, line });
      return typeof read === 'string' ? index.add(read, row, line) : undefined;
    },
    finish: () => index.finish(),
  };
}

/**
 * No two rows of a file have the same primary key, none has a null in it, and no value of a unique column stands twice.
 * What rows of several files share is for `checkKeys` to find.
 */
export function watchKeys(table: Table, findings: FindingCollector, folder: string): KeyWatch {
  const keys = uniqueKeys(table);
  const limits = shareKeyLimits(keys.length);
  const watches = keys.map((key, place) => {
    const { code, column, sensitive, show } = key;
    const onDuplicate = ({ row, line, key: found }: { row: number; line: number; key: string }): void =>
      findings.addToRow({ code, column, row, line, value: show(found), sensitive });
    return watchKey(key, new KeyIndex(join(folder, `key-${place}`), onDuplicate, limits), findings);
  });
  return {
    add(row) {
      let busy: Promise<unknown> | undefined;
      for (const watch of watches) {
        const waiting = watch.add(row);
        if (waiting) busy = busy ? Promise.all([busy, waiting]) : waiting;
      }
      return busy as Promise<void> | undefined;
    },
    async finish() {
      for (const watch of watches) await watch.finish();
    },
  };
}
