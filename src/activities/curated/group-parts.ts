import type { CuratedPart } from '../../engine/tasks';

/** The files of each part, which are several where the table has partitions. */
export function groupParts<F extends Pick<CuratedPart, 'key' | 'content'>>(files: readonly F[]): F[][] {
  const groups = new Map<string, F[]>();
  for (const file of files) {
    const name = file.content ?? file.key;
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(file);
  }
  return [...groups.values()];
}
