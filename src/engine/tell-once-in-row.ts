import type { FindingCollector } from '../checks/collect-findings';
import type { TellFault } from '../checks/compile-json-column';

/** Passes faults on to `findings`: a row counts once, however many elements of an array have the same fault. */
export function tellOnceInRow(findings: FindingCollector): {
  begin(row: number, line: number): void;
  tell: TellFault;
} {
  let place = { row: 0, line: 0 };
  const told = new Set<string>();
  return {
    begin(row, line) {
      place = { row, line };
      if (told.size > 0) told.clear();
    },
    tell(fault, column, text) {
      const about = `${fault.code} ${column.name}`;
      if (told.has(about)) return;
      told.add(about);
      const { row, line } = place;
      if (text === undefined) findings.addToRow({ code: fault.code, column: column.name, row, line });
      else findings.addValue(fault, column, row, line, text);
    },
  };
}
