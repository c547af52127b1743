import { crc32 } from './crc32';
import { unpackPage, type Codecs } from './parquet-codecs';
import { decodeValues } from './parquet-encodings';
import { decoding, malformed, unsupported } from './parquet-fault';
import type { ChunkMetadata, PageHeader, Reader, SchemaElement } from './parquet-library';
import { RunCursor } from './parquet-runs';
import type { SchemaNode } from './parquet-schema';
import type { ToText } from './parquet-types';

const LARGEST_PAGE = 64 * 1024 * 1024;
/** A page's header is some dozens of bytes, and may hold its smallest and largest value. */
const LARGEST_HEADER = 1024 * 1024;
const USUAL_HEADER = 4096;
/** Of all columns together. */
const MOST_HELD = 256 * 1024 * 1024;

/** Gives the bytes of a file between two places, in memory of their own. */
export type ReadBytes = (from: number, to: number) => Promise<Uint8Array>;

const readerOf = (bytes: Uint8Array, offset = 0): Reader => ({
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  offset,
});

interface OpenPage {
  left: number;
  /** None where nothing is null, or repeated. */
  definitions: RunCursor | undefined;
  repetitions: RunCursor | undefined;
  /** Of the next value. */
  repetition: number;
  nextText(): string | undefined;
}

/** One column of one row group, page by page: at most one page of it is held, and its dictionary. */
export class ParquetColumn {
  private at: number;
  private readonly end: number;
  private valuesLeft: number;
  private dictionary: (string | undefined)[] | undefined;
  private page: OpenPage | undefined;
  private heldBytes = 0;
  private readonly element: SchemaElement;
  private readonly name: string;
  /** Of the value that was taken last. */
  definition = 0;
  repetition = 0;

  constructor(
    private readonly read: ReadBytes,
    private readonly codecs: Codecs,
    private readonly chunk: ChunkMetadata,
    private readonly node: SchemaNode,
    private readonly toText: ToText,
    fileEnd: number,
  ) {
    this.element = node.element;
    this.name = node.path.join('.');
    const dictionaryAt = Number(chunk.dictionary_page_offset ?? 0n);
    const dataAt = Number(chunk.data_page_offset);
    this.at = dictionaryAt > 0 && dictionaryAt < dataAt ? dictionaryAt : dataAt;
    this.end = this.at + Number(chunk.total_compressed_size);
    this.valuesLeft = Number(chunk.num_values);
    if (!(this.at >= 4 && this.end >= this.at && this.end <= fileEnd))
      throw this.fault('lies outside the file');
  }

  /** How many values can be taken without waiting; at least one. */
  async ready(): Promise<number> {
    while (this.page === undefined || this.page.left === 0) await this.openPage();
    return this.page.left;
  }

  /** Whether one can be taken without waiting. */
  get isReady(): boolean {
    return this.page !== undefined && this.page.left > 0;
  }

  /** Whether all were taken that there should be. */
  get isAtEnd(): boolean {
    return this.valuesLeft <= 0 && !this.isReady;
  }

  /** The repetition level of the value that can be taken without waiting. */
  get nextRepetition(): number {
    return (this.page as OpenPage).repetition;
  }

  /** The next value's text; null where there is none, or undefined when it is no value of its type. */
  next(): string | null | undefined {
    const page = this.page as OpenPage;
    page.left -= 1;
    this.repetition = page.repetition;
    if (page.left > 0) page.repetition = page.repetitions?.next() ?? 0;
    this.definition = page.definitions?.next() ?? this.node.definition;
    return this.definition === this.node.definition ? page.nextText() : null;
  }

  /** @throws ParquetFault when there is more than was said */
  finish(): void {
    if (!this.isAtEnd) throw this.fault('has more values than its rows');
  }

  private fault(words: string) {
    return malformed(`column "${this.name}" ${words}`);
  }

  private async openPage(): Promise<void> {
    if (this.valuesLeft <= 0 || this.at >= this.end) throw this.fault('has fewer values than its rows');
    const { header, body } = await this.readPage();
    const what = `a page of column "${this.name}"`;
    const values = header.data_page_header?.num_values ?? header.data_page_header_v2?.num_values ?? 0;
    decoding(what, Math.max(header.uncompressed_page_size, values), () => {
      if (header.type === 'DICTIONARY_PAGE') this.openDictionary(header, body);
      else if (header.type === 'DATA_PAGE') this.openData(header, body);
      else if (header.type === 'DATA_PAGE_V2') this.openDataV2(header, body);
      else if (header.type !== 'INDEX_PAGE') throw malformed(`${what} is of no known kind`);
    });
  }

  private async readPage(): Promise<{ header: PageHeader; body: Uint8Array }> {
    const { header, offset } = await this.readHeader(USUAL_HEADER).catch(() =>
      this.readHeader(LARGEST_HEADER),
    );
    const { compressed_page_size: size, uncompressed_page_size: unpacked, crc } = header;
    const from = this.at + offset;
    if (!(size >= 0 && unpacked >= 0 && from + size <= this.end))
      throw this.fault('has a page that is cut off');
    if (size > LARGEST_PAGE || unpacked > LARGEST_PAGE)
      throw unsupported(`column "${this.name}" has a page of more than ${LARGEST_PAGE} bytes`);
    this.hold(header.type === 'DICTIONARY_PAGE', unpacked);
    const body = await this.read(from, from + size);
    if (crc !== undefined && crc32(body) !== crc >>> 0)
      throw this.fault('has a page whose checksum is wrong');
    this.at = from + size;
    return { header, body };
  }

  private async readHeader(most: number): Promise<{ header: PageHeader; offset: number }> {
    const reader = readerOf(await this.read(this.at, Math.min(this.end, this.at + most)));
    const header = decoding('a page header', most, () => this.codecs.library.parquetHeader(reader));
    return { header, offset: reader.offset };
  }

  private hold(isDictionary: boolean, bytes: number): void {
    this.codecs.heldBytes += bytes - (isDictionary ? 0 : this.heldBytes);
    if (!isDictionary) this.heldBytes = bytes;
    if (this.codecs.heldBytes > MOST_HELD)
      throw unsupported(`its open pages take more than ${MOST_HELD} bytes; write it with smaller pages`);
  }

  private openDictionary({ dictionary_page_header: about, ...header }: PageHeader, body: Uint8Array): void {
    if (!about || this.dictionary) throw this.fault('has a dictionary that cannot be used');
    const page = unpackPage(this.codecs, this.chunk.codec, body, header.uncompressed_page_size);
    const values = this.decode('PLAIN', page, 0, about.num_values);
    this.dictionary = [];
    for (let index = 0; index < about.num_values; index += 1) this.dictionary.push(values());
  }

  private openData({ data_page_header: about, ...header }: PageHeader, body: Uint8Array): void {
    if (!about) throw this.fault('has a page without a header');
    const page = unpackPage(this.codecs, this.chunk.codec, body, header.uncompressed_page_size);
    let offset = 0;
    const levels = (most: number, encoding: string): (() => RunCursor) | undefined => {
      if (most === 0) return undefined;
      if (encoding !== 'RLE') throw unsupported('nulls or lists are written in the BIT_PACKED encoding');
      const start = offset + 4;
      offset = start + readerOf(page).view.getUint32(offset, true);
      const end = offset;
      return () => levelsOf(page, start, end, most);
    };
    const repetitions = levels(this.node.repetition, about.repetition_level_encoding);
    const definitions = levels(this.node.definition, about.definition_level_encoding);
    const count = this.countValues(about.num_values, definitions?.());
    const nextText = this.decode(about.encoding, page, offset, count);
    this.open(about.num_values, {
      definitions: definitions?.(),
      repetitions: repetitions?.(),
      nextText,
    });
  }

  private openDataV2({ data_page_header_v2: about, ...header }: PageHeader, body: Uint8Array): void {
    if (!about) throw this.fault('has a page without a header');
    const { num_values: values, num_nulls: nulls, repetition_levels_byte_length: start } = about;
    const levelsEnd = start + about.definition_levels_byte_length;
    // A flat column repeats nothing; some writers say so all the same.
    if (!(start >= 0 && levelsEnd >= start && levelsEnd <= body.length))
      throw this.fault('has a page whose levels are damaged');
    const { definition, repetition } = this.node;
    // Writers differ in whether lists without elements are nulls.
    const mayBeNull = definition > 0 && (nulls > 0 || repetition > 0);
    const definitions = mayBeNull ? () => levelsOf(body, start, levelsEnd, definition) : undefined;
    const count = this.countValues(values, definitions?.());
    if (repetition === 0 && count !== values - nulls)
      throw this.fault('has a page with another number of nulls than it says');
    const packed = body.subarray(levelsEnd);
    const size = header.uncompressed_page_size - levelsEnd;
    const page = unpackPage(
      this.codecs,
      about.is_compressed ? this.chunk.codec : 'UNCOMPRESSED',
      packed,
      size,
    );
    const nextText = this.decode(about.encoding, page, 0, count);
    this.open(values, {
      definitions: definitions?.(),
      repetitions: repetition === 0 ? undefined : levelsOf(body, 0, start, repetition),
      nextText,
    });
  }

  /** How many of the page's values are there; what it says of the others must be so as well. */
  private countValues(values: number, definitions: RunCursor | undefined): number {
    if (!definitions) return values;
    const most = this.node.definition;
    let count = 0;
    for (let index = 0; index < values; index += 1) {
      const level = definitions.next();
      if (level > most) throw this.fault('has a page whose levels are damaged');
      if (level === most) count += 1;
    }
    return count;
  }

  private open(values: number, page: Omit<OpenPage, 'left' | 'repetition'>): void {
    this.valuesLeft -= values;
    if (values < 0 || this.valuesLeft < 0) throw this.fault('has more values than its rows');
    const repetition = values === 0 ? 0 : (page.repetitions?.next() ?? 0);
    this.page = { left: values, repetition, ...page };
  }

  private decode(
    encoding: string,
    page: Uint8Array,
    offset: number,
    count: number,
  ): () => string | undefined {
    const { type = '', type_length: length } = this.element;
    if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY')
      return this.fromDictionary(page, offset, count);
    if (encoding === 'RLE' && type === 'BOOLEAN') {
      const size = readerOf(page).view.getUint32(offset, true);
      const bits = new RunCursor(page, offset + 4, offset + 4 + size, 1);
      return () => this.toText(bits.next() === 1);
    }
    const about = { encoding, type, length, count };
    const values = decodeValues(this.codecs.library, page, readerOf(page, offset), about);
    return () => {
      const next: IteratorResult<unknown, unknown> = values.next();
      if (next.done) throw this.fault('has a page with fewer values than it says');
      return this.toText(next.value);
    };
  }

  private fromDictionary(page: Uint8Array, offset: number, count: number): () => string | undefined {
    const { dictionary } = this;
    if (!dictionary) throw this.fault('has no dictionary, and refers to one');
    if (count === 0) return () => undefined;
    const bitWidth = page[offset] ?? 33;
    const places = new RunCursor(page, offset + 1, page.length, bitWidth);
    return () => {
      const place = bitWidth === 0 ? 0 : places.next();
      if (place >= dictionary.length) throw this.fault('refers to a place outside its dictionary');
      return dictionary[place];
    };
  }
}

/** A level is written in as many bits as its largest takes. */
const levelsOf = (page: Uint8Array, from: number, to: number, most: number): RunCursor =>
  new RunCursor(page, from, to, 32 - Math.clz32(most));
