import type { JsonValue } from '../checks/json-value';
import { malformed } from './parquet-fault';
import type { ParquetPlan } from './parquet-plan';

/** What one leaf has of one row: for each value its levels, and its text where it has one. */
export class LeafRow {
  private readonly repetitions: number[] = [];
  private readonly definitions: number[] = [];
  private readonly texts: (string | null | undefined)[] = [];
  private at = 0;

  push(repetition: number, definition: number, text: string | null | undefined): void {
    this.repetitions.push(repetition);
    this.definitions.push(definition);
    this.texts.push(text);
  }

  get isBegun(): boolean {
    return this.texts.length > 0;
  }

  get isTaken(): boolean {
    return this.at === this.texts.length;
  }

  /** Of the value to be taken next. */
  get definition(): number {
    return this.definitions[this.at] ?? -1;
  }

  /** -1 where there is none. */
  get repetition(): number {
    return this.repetitions[this.at] ?? -1;
  }

  take(): string | null | undefined {
    this.at += 1;
    return this.texts[this.at - 1];
  }
}

const disagreeing = () => malformed('the parts of a nested column do not agree with each other');

/** A value that no check takes for one of its type. */
const NO_TEXT: JsonValue = { kind: 'object', text: 'a value that is no text', entries: new Map() };

function readText(leaf: LeafRow): JsonValue {
  const text = leaf.take();
  if (text === null) return null;
  return text === undefined ? NO_TEXT : { kind: 'string', text };
}

/**
 * Puts one row's value together from its leaves, and holds them against each other: they must all tell of the same
 * lists, of the same lengths, and of the same nulls.
 * @throws ParquetFault when they do not
 */
export function assembleRow(plan: ParquetPlan, leaves: readonly LeafRow[]): JsonValue {
  const leafAt = (index: number): LeafRow => leaves[index] as LeafRow;

  /** Nothing is there, and every leaf must say so at the same level. */
  const takeAbsent = (from: ParquetPlan): void => {
    const { definition } = leafAt(from.leaves[0]);
    for (const index of from.leaves) {
      const leaf = leafAt(index);
      if (leaf.definition !== definition) throw disagreeing();
      leaf.take();
    }
  };

  /** @param begins the repetition level with which each leaf below must begin, `there` the level known to be there */
  const read = (from: ParquetPlan, begins: number, there: number): JsonValue => {
    for (const index of from.leaves) {
      const leaf = leafAt(index);
      if (leaf.repetition !== begins || leaf.definition < there) throw disagreeing();
    }
    const first = leafAt(from.leaves[0]);
    if (from.kind === 'value') return readText(first);
    if (first.definition < from.definition) {
      takeAbsent(from);
      return null;
    }
    if (from.kind === 'struct') {
      const entries = from.fields.map(
        ({ name, plan: field }) => [name, read(field, begins, from.definition)] as const,
      );
      return { kind: 'object', text: '{…}', entries: new Map(entries) };
    }
    const items: JsonValue[] = [];
    if (first.definition < from.elementDefinition) takeAbsent(from);
    else {
      items.push(read(from.element, begins, from.elementDefinition));
      while (first.repetition === from.repetition)
        items.push(read(from.element, from.repetition, from.elementDefinition));
    }
    return { kind: 'array', text: '[…]', items };
  };

  const value = read(plan, 0, 0);
  if (!leaves.every((leaf) => leaf.isTaken)) throw disagreeing();
  return value;
}
