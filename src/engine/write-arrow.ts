import { isNested, type ColumnType } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import { arrowBatchHead, arrowBeginning, arrowEnd, type MessagePlace } from './arrow-messages';
import { createFileWriter, type FileWriter } from './file-writer';
import { ColumnWriter, type ValueKind } from './machine/column-writer';
import { toPolarsJson } from './nested-interchange';
import type { RowBatch } from './row-batch';

export interface ArrowWriter {
  /** Bytes so far. */
  readonly bytes: number;
  /** Writes the rows that have passed; `values`, in canonical form, of the columns that were added. */
  write(batch: RowBatch, values?: readonly string[]): Promise<void>;
  end(): Promise<void>;
}

/** What is no number, date or boolean is text, of which Polars makes the rest. */
function kindOf({ name }: ColumnType): ValueKind {
  switch (name) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'decimal':
    case 'date':
    case 'timestamp':
    case 'boolean':
      return name;
    default:
      return 'text';
  }
}

/** Puts nested values into the form that Polars reads. */
function nestedWriter(columns: readonly Column[]): (batch: RowBatch) => void {
  const nested = columns.flatMap(({ type }, column) =>
    isNested(type) ? [{ column, toJson: toPolarsJson(type) }] : [],
  );
  return (batch) => {
    for (let index = 0; index < batch.length; index += 1) {
      if (batch.passed[index] === 0) continue;
      for (const { column, toJson } of nested) {
        const text = batch.text(index, column);
        if (typeof text === 'string') batch.set((index * batch.width + column) * 2, toJson(text));
      }
    }
  };
}

class ArrowFile implements ArrowWriter {
  bytes = 0;
  private hasBegun = false;
  private readonly all: readonly Column[];
  private readonly columns: ColumnWriter;
  private readonly batches: MessagePlace[] = [];
  private readonly writeNested: (batch: RowBatch) => void;

  constructor(
    private readonly file: FileWriter,
    columns: readonly Column[],
    private readonly added: readonly Column[],
  ) {
    this.columns = new ColumnWriter(columns.map(({ type }) => kindOf(type)));
    this.all = [...columns, ...added];
    this.writeNested = nestedWriter(columns);
  }

  async write(batch: RowBatch, values: readonly string[] = []): Promise<void> {
    this.writeNested(batch);
    const behind = values.map((value, index) =>
      this.added[index]?.type.name === 'int64' ? BigInt(value) : value,
    );
    const written = this.columns.write(batch, behind);
    await this.begin();
    if (written.rows === 0) return;
    const head = arrowBatchHead(written);
    this.batches.push({ at: this.bytes, headBytes: head.length, bodyBytes: written.body.length });
    await this.put(head);
    await this.put(written.body);
  }

  async end(): Promise<void> {
    await this.begin();
    await this.put(arrowEnd(this.all, this.batches));
    await this.file.end();
  }

  private async begin(): Promise<void> {
    if (this.hasBegun) return;
    this.hasBegun = true;
    await this.put(arrowBeginning(this.all));
  }

  private async put(bytes: Uint8Array): Promise<void> {
    this.bytes += bytes.length;
    await this.file.write(bytes);
  }
}

/**
 * Rows as Polars is to read them, as an Arrow file: it has no value to guess the type of.
 * @param added columns of text or 64-bit integers behind those of the rows
 */
export function createArrowWriter(
  path: string,
  ended: AbortSignal,
  columns: readonly Column[],
  added: readonly Column[] = [],
): ArrowWriter {
  return new ArrowFile(createFileWriter(path, ended), columns, added);
}
