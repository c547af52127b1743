import { z } from 'zod';

/** What is used of hyparquet: the structures of a file, and the encodings whose length is given. */
export interface Reader {
  view: DataView;
  offset: number;
}

// A damaged file decodes to structures of any shape, so that nothing of them is believed before it is looked at.
const text = z.string();
const bigint = z.bigint();
const size = z.number().int();

const schemaElement = z.object({
  type: text.optional(),
  type_length: size.optional(),
  repetition_type: text.optional(),
  name: text,
  num_children: size.optional(),
  converted_type: text.optional(),
  scale: size.optional(),
  precision: size.optional(),
  logical_type: z
    .object({
      // Kinds that came later have none.
      type: text.optional(),
      unit: text.optional(),
      bitWidth: size.optional(),
      isSigned: z.boolean().optional(),
      scale: size.optional(),
      precision: size.optional(),
    })
    .optional(),
});

const chunkMetadata = z.object({
  type: text,
  path_in_schema: z.array(text),
  codec: text,
  num_values: bigint,
  total_compressed_size: bigint,
  data_page_offset: bigint,
  dictionary_page_offset: bigint.optional(),
});

const fileMetadata = z.object({
  schema: z.array(schemaElement),
  num_rows: bigint,
  row_groups: z.array(
    z.object({
      num_rows: bigint,
      columns: z.array(z.object({ meta_data: chunkMetadata.optional() })),
    }),
  ),
});

const pageHeader = z.object({
  type: text,
  uncompressed_page_size: size,
  compressed_page_size: size,
  crc: size.optional(),
  data_page_header: z
    .object({
      num_values: size,
      encoding: text,
      definition_level_encoding: text,
      repetition_level_encoding: text,
    })
    .optional(),
  dictionary_page_header: z.object({ num_values: size }).optional(),
  data_page_header_v2: z
    .object({
      num_values: size,
      num_nulls: size,
      num_rows: size,
      encoding: text,
      definition_levels_byte_length: size,
      repetition_levels_byte_length: size,
      is_compressed: z.boolean(),
    })
    .optional(),
});

export type SchemaElement = z.infer<typeof schemaElement>;
export type ChunkMetadata = z.infer<typeof chunkMetadata>;
export type FileMetadata = z.infer<typeof fileMetadata>;
export type PageHeader = z.infer<typeof pageHeader>;

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
  const library = { ...plain, ...delta, ...encoding, ...snappy, ...metadata, ...column };
  const decoder = library as unknown as ParquetLibrary;
  return {
    ...decoder,
    parquetMetadata: (footer, options) => fileMetadata.parse(decoder.parquetMetadata(footer, options)),
    parquetHeader: (reader) => pageHeader.parse(decoder.parquetHeader(reader)),
  };
}
