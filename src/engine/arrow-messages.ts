import { Block } from 'apache-arrow/fb/block';
import { Bool } from 'apache-arrow/fb/bool';
import { Buffer as BufferPlace } from 'apache-arrow/fb/buffer';
import { Date as DateType } from 'apache-arrow/fb/date';
import { DateUnit } from 'apache-arrow/fb/date-unit';
import { Decimal } from 'apache-arrow/fb/decimal';
import { Endianness } from 'apache-arrow/fb/endianness';
import { Field } from 'apache-arrow/fb/field';
import { FieldNode } from 'apache-arrow/fb/field-node';
import { Footer } from 'apache-arrow/fb/footer';
import { Int } from 'apache-arrow/fb/int';
import { Message } from 'apache-arrow/fb/message';
import { MessageHeader } from 'apache-arrow/fb/message-header';
import { MetadataVersion } from 'apache-arrow/fb/metadata-version';
import { RecordBatch } from 'apache-arrow/fb/record-batch';
import { Schema } from 'apache-arrow/fb/schema';
import { TimeUnit } from 'apache-arrow/fb/time-unit';
import { Timestamp } from 'apache-arrow/fb/timestamp';
import { Type } from 'apache-arrow/fb/type';
import { Utf8 } from 'apache-arrow/fb/utf8';
import { Builder, type Offset } from 'flatbuffers';
import type { ColumnType } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import type { WrittenColumns } from './machine/column-writer';

/** Where a message stands in the file. */
export interface MessagePlace {
  at: number;
  headBytes: number;
  bodyBytes: number;
}

/** Where all that is in a file begins, and how long it is. */
const ALIGNMENT = 8;
const MAGIC = Buffer.from('ARROW1');
const CONTINUES = Buffer.from([0xff, 0xff, 0xff, 0xff]);
const DECIMAL_BITS = 128;
const NO_OFFSET: Offset = 0;

function putType(builder: Builder, type: ColumnType): { kind: Type; at: Offset } {
  switch (type.name) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return { kind: Type.Int, at: Int.createInt(builder, Number(type.name.slice('int'.length)), true) };
    case 'decimal':
      return {
        kind: Type.Decimal,
        at: Decimal.createDecimal(builder, type.precision, type.scale, DECIMAL_BITS),
      };
    case 'date':
      return { kind: Type.Date, at: DateType.createDate(builder, DateUnit.DAY) };
    case 'timestamp':
      return {
        kind: Type.Timestamp,
        at: Timestamp.createTimestamp(builder, TimeUnit.MICROSECOND, NO_OFFSET),
      };
    case 'boolean':
      return { kind: Type.Bool, at: Bool.createBool(builder) };
    default:
      return { kind: Type.Utf8, at: Utf8.createUtf8(builder) };
  }
}

function putField(builder: Builder, { name, type }: Column): Offset {
  const nameAt = builder.createString(name);
  const { kind, at } = putType(builder, type);
  const children = Field.createChildrenVector(builder, []);
  Field.startField(builder);
  Field.addName(builder, nameAt);
  Field.addNullable(builder, true);
  Field.addTypeType(builder, kind);
  Field.addType(builder, at);
  Field.addChildren(builder, children);
  return Field.endField(builder);
}

function putSchema(builder: Builder, columns: readonly Column[]): Offset {
  const fields = Schema.createFieldsVector(
    builder,
    columns.map((column) => putField(builder, column)),
  );
  Schema.startSchema(builder);
  Schema.addEndianness(builder, Endianness.Little);
  Schema.addFields(builder, fields);
  return Schema.endSchema(builder);
}

function messageOf(builder: Builder, header: MessageHeader, at: Offset, bodyBytes: number): Buffer {
  Message.startMessage(builder);
  Message.addVersion(builder, MetadataVersion.V5);
  Message.addHeaderType(builder, header);
  Message.addHeader(builder, at);
  Message.addBodyLength(builder, BigInt(bodyBytes));
  Message.finishMessageBuffer(builder, Message.endMessage(builder));
  const bytes = builder.asUint8Array();
  const ahead = CONTINUES.length + Int32Array.BYTES_PER_ELEMENT;
  const whole = Buffer.alloc(Math.ceil((ahead + bytes.length) / ALIGNMENT) * ALIGNMENT);
  CONTINUES.copy(whole);
  whole.writeInt32LE(whole.length - ahead, CONTINUES.length);
  whole.set(bytes, ahead);
  return whole;
}

/** What a file begins with. */
export function arrowBeginning(columns: readonly Column[]): Buffer {
  const builder = new Builder();
  const schema = messageOf(builder, MessageHeader.Schema, putSchema(builder, columns), 0);
  return Buffer.concat([MAGIC, Buffer.alloc(ALIGNMENT - MAGIC.length), schema]);
}

/** What stands ahead of the body of rows. */
export function arrowBatchHead({ rows, columns, body }: WrittenColumns): Buffer {
  const builder = new Builder();
  // Vectors are put from behind.
  const backwards = [...columns].reverse();
  const places = backwards.flatMap(({ places }) => [...places].reverse());
  RecordBatch.startNodesVector(builder, columns.length);
  for (const { nulls } of backwards) FieldNode.createFieldNode(builder, BigInt(rows), BigInt(nulls));
  const nodes = builder.endVector();
  RecordBatch.startBuffersVector(builder, places.length);
  for (const { at, bytes } of places) BufferPlace.createBuffer(builder, BigInt(at), BigInt(bytes));
  const buffers = builder.endVector();
  RecordBatch.startRecordBatch(builder);
  RecordBatch.addLength(builder, BigInt(rows));
  RecordBatch.addNodes(builder, nodes);
  RecordBatch.addBuffers(builder, buffers);
  return messageOf(builder, MessageHeader.RecordBatch, RecordBatch.endRecordBatch(builder), body.length);
}

/** What a file with these rows ends with. */
export function arrowEnd(columns: readonly Column[], batches: readonly MessagePlace[]): Buffer {
  const builder = new Builder();
  const schema = putSchema(builder, columns);
  Footer.startRecordBatchesVector(builder, batches.length);
  for (const { at, headBytes, bodyBytes } of [...batches].reverse())
    Block.createBlock(builder, BigInt(at), headBytes, BigInt(bodyBytes));
  const blocks = builder.endVector();
  Footer.startDictionariesVector(builder, 0);
  const dictionaries = builder.endVector();
  Footer.startFooter(builder);
  Footer.addVersion(builder, MetadataVersion.V5);
  Footer.addSchema(builder, schema);
  Footer.addDictionaries(builder, dictionaries);
  Footer.addRecordBatches(builder, blocks);
  Footer.finishFooterBuffer(builder, Footer.endFooter(builder));
  const footer = builder.asUint8Array();
  const length = Buffer.alloc(Int32Array.BYTES_PER_ELEMENT);
  length.writeInt32LE(footer.length);
  const noMessage = Buffer.alloc(Int32Array.BYTES_PER_ELEMENT);
  return Buffer.concat([CONTINUES, noMessage, footer, length, MAGIC]);
}
