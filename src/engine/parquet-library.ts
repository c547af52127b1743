/** What is used of hyparquet: the structures of a file, and the encodings whose length is given. */
export interface Reader {
  view: DataView;
  offset: number;
}

export interface SchemaElement {
  type?: string;
  type_length?: number;
  repetition_type?: string;
  name: string;
  num_children?: number;
  converted_type?: string;
  scale?: number;
  precision?: number;
  logical_type?: {
    type: string;
    unit?: string;
    bitWidth?: number;
    isSigned?: boolean;
    scale?: number;
    precision?: number;
  };
}

export interface ChunkMetadata {
  type: string;
  path_in_schema: string[];
  codec: string;
  num_values: bigint;
  total_compressed_size: bigint;
  data_page_offset: bigint;
  dictionary_page_offset?: bigint;
}

export interface FileMetadata {
  schema: SchemaElement[];
  num_rows: bigint;
  row_groups: {
    num_rows: bigint;
    columns: { file_path?: string; meta_data?: ChunkMetadata; crypto_metadata?: unknown }[];
  }[];
}

export interface PageHeader {
  type: string;
  uncompressed_page_size: number;
  compressed_page_size: number;
  crc?: number;
  data_page_header?: { num_values: number; encoding: string; definition_level_encoding: string };
  dictionary_page_header?: { num_values: number };
  data_page_header_v2?: {
    num_values: number;
    num_nulls: number;
    num_rows: number;
    encoding: string;
    definition_levels_byte_length: number;
    repetition_levels_byte_length: number;
    is_compressed: boolean;
  };
}

export interface ParquetLibrary {
  parquetMetadata(footer: ArrayBuffer, options: { geoparquet: false }): FileMetadata;
  parquetHeader(reader: Reader): PageHeader;
  readPlain(reader: Reader, type: string, count: number, length: number | undefined): ArrayLike<unknown>;
  deltaBinaryUnpack(reader: Reader, count: number, output: Int32Array | BigInt64Array): void;
  byteStreamSplit(
    reader: Reader,
    count: number,
    type: string,
    length: number | undefined,
  ): ArrayLike<unknown>;
  snappyUncompress(input: Uint8Array, output: Uint8Array): void;
}

/** It is an ES module, which only `import()` can load from here. */
export async function loadParquetLibrary(): Promise<ParquetLibrary> {
  const [metadata, column, plain, delta, encoding, snappy] = await Promise.all([
    import('hyparquet/src/metadata.js'),
    import('hyparquet/src/column.js'),
    import('hyparquet/src/plain.js'),
    import('hyparquet/src/delta.js'),
    import('hyparquet/src/encoding.js'),
    import('hyparquet/src/snappy.js'),
  ]);
  return { ...metadata, ...column, ...plain, ...delta, ...encoding, ...snappy } as unknown as ParquetLibrary;
}
