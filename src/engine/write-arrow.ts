import {
  AsyncByteQueue,
  Bool,
  DateDay,
  Decimal,
  Field,
  Int16,
  Int32,
  Int64,
  Int8,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
  type Data,
  type DataType,
} from 'apache-arrow';
import { isNested, type ColumnType } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import { createFileWriter, type FileWriter } from './file-writer';
import { ColumnWriter, type ValueKind, type WrittenColumn } from './machine/column-writer';
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

function arrowType(type: ColumnType): DataType {
  switch (type.name) {
    case 'int8':
      return new Int8();
    case 'int16':
      return new Int16();
    case 'int32':
      return new Int32();
    case 'int64':
      return new Int64();
    case 'decimal':
      return new Decimal(type.scale, type.precision, 128);
    case 'date':
      return new DateDay();
    case 'timestamp':
      return new TimestampMicrosecond();
    case 'boolean':
      return new Bool();
    default:
      return new Utf8();
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

/** The same value in every row. */
function repeated({ type }: Column, value: string, rows: number): WrittenColumn {
  const none = new Uint8Array();
  if (type.name === 'int64') {
    const values = new Uint8Array(new BigInt64Array(rows).fill(BigInt(value)).buffer);
    return { nulls: 0, validity: none, values, text: none };
  }
  const length = Buffer.byteLength(value);
  const starts = Int32Array.from({ length: rows + 1 }, (_, row) => row * length);
  return {
    ...{ nulls: 0, validity: none, values: new Uint8Array(starts.buffer) },
    text: Buffer.alloc(rows * length, value),
  };
}

class ArrowFile implements ArrowWriter {
  bytes = 0;
  private pieces: Uint8Array[] = [];
  private readonly columns: ColumnWriter;
  private readonly types: readonly DataType[];
  private readonly schema: Schema;
  private readonly writer: RecordBatchFileWriter;
  private readonly writeNested: (batch: RowBatch) => void;

  constructor(
    private readonly file: FileWriter,
    columns: readonly Column[],
    private readonly added: readonly Column[],
  ) {
    const all = [...columns, ...added];
    this.columns = new ColumnWriter(columns.map(({ type }) => kindOf(type)));
    this.writeNested = nestedWriter(columns);
    this.types = all.map(({ type }) => arrowType(type));
    this.schema = new Schema(
      all.map(({ name }, index) => new Field(name, this.types[index] as DataType, true)),
    );
    const queue = new AsyncByteQueue();
    queue.write = (piece) => void this.pieces.push(piece as Uint8Array);
    this.writer = new RecordBatchFileWriter();
    // A file without rows has columns all the same.
    this.writer.reset(queue, this.schema);
  }

  async write(batch: RowBatch, values: readonly string[] = []): Promise<void> {
    this.writeNested(batch);
    const { rows, columns } = this.columns.write(batch);
    if (rows === 0) return;
    const behind = this.added.map((column, index) => repeated(column, values[index] as string, rows));
    const { types, schema } = this;
    const children = [...columns, ...behind].map((column, index) =>
      this.toData(column, types[index] as DataType, rows),
    );
    const data = makeData({
      type: new Struct(schema.fields),
      length: rows,
      nullCount: 0,
      children,
    });
    this.writer.write(new RecordBatch(schema, data));
    await this.flush();
  }

  async end(): Promise<void> {
    this.writer.close();
    await this.flush();
    await this.file.end();
  }

  private toData(column: WrittenColumn, type: DataType, length: number): Data {
    const { nulls: nullCount, validity, values, text } = column;
    const about = { length, nullCount, ...(nullCount === 0 ? {} : { nullBitmap: validity }) };
    return type instanceof Utf8
      ? makeData({ ...about, type, valueOffsets: toInt32(values), data: text })
      : makeData({ ...about, type, data: values } as Parameters<typeof makeData>[0]);
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.concat(this.pieces);
    this.pieces = [];
    this.bytes += bytes.length;
    await this.file.write(bytes);
  }
}

const toInt32 = ({ buffer, byteOffset, byteLength }: Uint8Array): Int32Array =>
  new Int32Array(buffer as ArrayBuffer, byteOffset, byteLength / Int32Array.BYTES_PER_ELEMENT);

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
