import { join } from 'node:path';
import type { FindingCollector } from '../checks/collect-findings';
import type { Table } from '../definition/pipeline';
import { KeyIndex, shareKeyLimits } from './key-index';
import type { KeySpan } from './key-span';
import type { KeyPlace } from './key-spill';
import type { RowBatch } from './row-batch';
import { uniqueKeys, type UniqueKey } from './table-key';

export interface KeyWatch {
  add(batch: RowBatch): void;
  /** To be awaited between batches, so that memory is bounded. @returns undefined where there is no need */
  relieve(): Promise<unknown> | undefined;
  finish(): Promise<void>;
}

function watchKey(key: UniqueKey, index: KeyIndex, findings: FindingCollector): KeyWatch {
  const { code, column } = key;
  const place: KeyPlace = { file: 0, row: 0, line: 0 };
  return {
    add(batch) {
      for (let at = 0; at < batch.length; at += 1) {
        place.row = batch.rows[at] as number;
        place.line = batch.lines[at] as number;
        const read = key.read(batch, at);
        if (read) index.add(read, place);
        else if (read === null && code === 'duplicate-key')
          findings.addToRow({ code: 'null-in-key', column, row: place.row, line: place.line });
      }
    },
    relieve: () => index.relieve(),
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
    const onDuplicate = (found: KeySpan, { row, line }: KeyPlace): void =>
      findings.addToRow({ code, column, row, line, value: show(found), sensitive });
    return watchKey(key, new KeyIndex(join(folder, `key-${place}`), onDuplicate, limits), findings);
  });
  return {
    add(batch) {
      for (const watch of watches) watch.add(batch);
    },
    relieve() {
      const busy = watches.map((watch) => watch.relieve()).filter((each) => each !== undefined);
      return busy.length === 0 ? undefined : Promise.all(busy);
    },
    async finish() {
      for (const watch of watches) await watch.finish();
    },
  };
}
