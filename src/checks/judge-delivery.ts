import type { Table } from '../definition/pipeline';
import type { Finding, FindingCode } from './finding';
import { followReferences } from './follow-references';

/** What somebody may overlook: the delivery is other than expected, but every file and row of it is what it should be. */
const CAN_BE_ACCEPTED: ReadonlySet<FindingCode> = new Set([
  'missing-table',
  'too-few-files',
  'too-many-files',
  'too-few-rows',
  'too-many-rows',
  'too-many-rejects',
  'too-few-bytes',
  'too-many-bytes',
  'unusual-files',
  'unusual-rows',
  'unusual-bytes',
  'bad-manifest',
  'listed-file-missing',
  'unlisted-file',
  'listed-bytes',
  'listed-rows',
  'listed-checksum',
  'duplicate-key',
  'unique',
  'missing-reference',
]);

export const canBeAccepted = ({ code }: Finding): boolean => CAN_BE_ACCEPTED.has(code);

/** Of what files came to: all that may be accepted, and of the rest one finding for each table, which is enough. */
export function collectDecisive(first: readonly Finding[]) {
  const list = [...first];
  const refusedTables = new Set<string>();
  return {
    list,
    add(table: string, findings: readonly Finding[]): void {
      for (const finding of findings) {
        if (!canBeAccepted(finding) && refusedTables.has(table)) continue;
        if (!canBeAccepted(finding)) refusedTables.add(table);
        list.push({ ...finding, table });
      }
    },
  };
}

export interface JudgedDelivery {
  /** For which it is refused, in whole or in part. */
  findings: Finding[];
  /** That somebody accepted. */
  accepted: Finding[];
  /** The tables that are left out; 'all' when nothing of the delivery moves on. */
  leftOut: string[] | 'all';
}

/**
 * All or nothing or, where not all must pass, table by table: what concerns no table concerns all, and a delivery of
 * which no file would move on is refused as a whole.
 *
 * @param tables those that have a file in the delivery
 */
export function judgeDelivery(
  found: readonly Finding[],
  tables: readonly Pick<Table, 'name' | 'foreignKeys'>[],
  { allMustPass, isAccepted }: { allMustPass: boolean; isAccepted: boolean },
): JudgedDelivery {
  const accepted = isAccepted ? found.filter(canBeAccepted) : [];
  const own = found.filter((finding) => !accepted.includes(finding));
  const findings = allMustPass ? own : [...own, ...followReferences(tables, own)];
  if (findings.length === 0) return { findings, accepted, leftOut: [] };
  const refused = new Set(findings.map(({ table }) => table));
  const leftOut = tables.map(({ name }) => name).filter((name) => refused.has(name));
  const isWhole = allMustPass || refused.has(undefined) || leftOut.length === tables.length;
  return { findings, accepted, leftOut: isWhole ? 'all' : leftOut };
}
