import type { FixedForm } from '../../checks/bytes/byte-date';
import type { SureColumn, SureRule, SureType } from '../../checks/bytes/sure-column';
import { BYTES_OF_SPAN, type MachineData } from './machine-data';

/** What the machine reads records by. */
export interface SureTable {
  delimiter: number;
  /** -1 where there is none. */
  quote: number;
  /** By byte, 1 where a bare field may end, or is not plain. */
  special: Uint8Array;
  /** Bytes of a record. */
  largest: number;
  columns: readonly SureColumn[];
  /** Of each field of a record, its column; -1 where it is none. */
  columnOf: readonly number[];
  /** Columns that the file leaves out. */
  absent: readonly number[];
  /** Of a JSON line's fields: what stands ahead of the value, and whether it may stand without quotes. */
  keys?: readonly { prefix: string; isBare: boolean }[];
}

/** No place, or no span. */
const NONE = -1;
const NOWHERE = 0;

const TYPE_KINDS: Record<SureType['kind'], number> = {
  text: 0,
  integer: 1,
  decimal: 2,
  double: 3,
  word: 4,
  date: 5,
};
const RULE_KINDS: Record<SureRule['kind'], number> = {
  enum: 0,
  pattern: 1,
  'min-length': 2,
  'max-length': 3,
  'byte-bound': 4,
  'number-bound': 5,
};

/**
 * Puts a table as the structures that the assembly/ reads: their members in the order of its classes.
 * @returns where it is
 */
export const putSureTable = (data: MachineData, table: SureTable): number =>
  new SureTableWriter(data).putTable(table);

class SureTableWriter {
  constructor(private readonly data: MachineData) {}

  putTable({ delimiter, quote, special, largest, columns, columnOf, absent, keys = [] }: SureTable): number {
    const fields = columnOf.map((index) => [
      ...this.fieldOf(columns[index], index),
      ...this.keyOf(keys[index]),
    ]);
    return this.data.putNumbers([
      delimiter,
      quote,
      columnOf.length,
      this.data.putNumbers(fields.flat()),
      absent.length,
      this.data.putNumbers(absent.map((index) => index * BYTES_OF_SPAN)),
      Math.min(largest, 0x7fffffff),
      columns.length * BYTES_OF_SPAN,
      this.data.putNumbers(columnOf),
      this.data.putBytes(special),
    ]);
  }

  private fieldOf(column: SureColumn | undefined, index: number): number[] {
    if (!column) return [0, 0, 0, NOWHERE, NONE, 0, 0, NOWHERE, NOWHERE];
    const { type, nullable, emptyIsNull, nullTexts, rules } = column;
    return [
      TYPE_KINDS[type.kind],
      nullable ? 1 : 0,
      emptyIsNull ? 1 : 0,
      nullTexts.length > 0 ? this.data.putWords(nullTexts) : NOWHERE,
      index * BYTES_OF_SPAN,
      'digits' in type ? type.digits : 0,
      'scale' in type ? type.scale : 0,
      this.putForm(type),
      rules.reduceRight((next, rule) => this.putRule(rule, next), NOWHERE),
    ];
  }

  private keyOf(key: { prefix: string; isBare: boolean } | undefined): number[] {
    if (!key) return [NOWHERE, 0, 0];
    const prefix = Buffer.from(key.prefix);
    return [this.data.putBytes(prefix), prefix.length, key.isBare ? 1 : 0];
  }

  private putForm(type: SureType): number {
    if (type.kind === 'word') return this.data.putWords(type.words);
    return type.kind === 'date' ? this.putDateForm(type.form, type.isTimestamp) : NOWHERE;
  }

  private putDateForm(form: FixedForm, isTimestamp: boolean): number {
    const { length, at, literals, hasFraction, canonicalLength } = form;
    return this.data.putNumbers([
      length,
      ...[at.year, at.month, at.day, at.hour, at.minute, at.second],
      hasFraction ? 1 : 0,
      isTimestamp ? 1 : 0,
      canonicalLength,
      literals.length,
      this.data.putNumbers(literals.flat()),
    ]);
  }

  private putRule(rule: SureRule, next: number): number {
    const [data, length] = this.putDataOf(rule);
    const [sign, inclusive] = 'sign' in rule ? [rule.sign, rule.inclusive ? 1 : 0] : [0, 0];
    const at = this.data.putNumbers([RULE_KINDS[rule.kind], sign, inclusive, data, length, next]);
    // Behind six numbers, so that it is at a place of its own.
    this.data.putDouble(rule.kind === 'number-bound' ? rule.bound : 0);
    return at;
  }

  private putDataOf(rule: SureRule): [data: number, length: number] {
    switch (rule.kind) {
      case 'enum':
        return [this.data.putWords(rule.values), 0];
      case 'pattern': {
        const { fixed, rest, least, most } = rule;
        const classes = this.data.putBytes(Buffer.concat([...fixed, rest]));
        return [this.data.putNumbers([fixed.length, least, Math.min(most, 0x7fffffff), classes]), 0];
      }
      case 'byte-bound':
        return [this.data.putBytes(rule.bound), rule.bound.length];
      case 'number-bound':
        return [NOWHERE, 0];
      default:
        return [NOWHERE, Math.min(rule.length, 0x7fffffff)];
    }
  }
}
