import type { FindingCollector } from '../checks/collect-findings';
import type { FindingCode } from '../checks/finding';

export interface RejectReason {
  code: FindingCode;
  column?: string;
  /** The name of the row check that the row fails. */
  check?: string;
  expected?: string;
  /** In the words of the table's parser, where that rejects the row. */
  reason?: string;
}

export interface ReasonCapture extends FindingCollector {
  /** Why a row did not pass; once for each row, soon after it was read. */
  takeReasons(row: number): RejectReason[];
}

/** Passes everything on to `findings`, and remembers what was said of each row until it is asked for. */
export function captureReasons(findings: FindingCollector): ReasonCapture {
  const reasons = new Map<number, RejectReason[]>();
  const remember = (row: number, { code, column, check, expected, reason: words }: RejectReason): void => {
    const reason: RejectReason = {
      code,
      ...(column === undefined ? {} : { column }),
      ...(check === undefined ? {} : { check }),
      ...(expected === undefined ? {} : { expected }),
      ...(words === undefined ? {} : { reason: words }),
    };
    const known = reasons.get(row);
    if (known) known.push(reason);
    else reasons.set(row, [reason]);
  };
  return {
    addToFile: (code, about) => findings.addToFile(code, about),
    addToRow(found) {
      remember(found.row, found);
      findings.addToRow(found);
    },
    addValue(fault, column, row, line, value) {
      remember(row, { ...fault, column: column.name });
      findings.addValue(fault, column, row, line, value);
    },
    get size() {
      return findings.size;
    },
    list: () => findings.list(),
    takeReasons(row) {
      const taken = reasons.get(row) ?? [];
      reasons.delete(row);
      return taken;
    },
  };
}
