import type { SerDeInfo } from '@aws-sdk/client-glue';
import type { TableStorage } from './catalogue';

interface StorageFormat {
  /** What Glue's own programs go by. */
  classification: string;
  InputFormat: string;
  OutputFormat: string;
  SerdeInfo: Required<Pick<SerDeInfo, 'SerializationLibrary' | 'Parameters'>>;
}

const TEXT = {
  InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
};
// OpenCSVSerDe always has both; these two stand in no text that anybody lands.
const NO_ESCAPE = '\u0001';
const NO_QUOTE = '\u0002';

/** How Hive, and so Athena, Spark and Trino, are told to read the files. */
export function toStorageFormat(storage: TableStorage): StorageFormat {
  switch (storage.name) {
    case 'parquet':
      return {
        classification: 'parquet',
        InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
        OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
        SerdeInfo: {
          SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
          Parameters: { 'serialization.format': '1' },
        },
      };
    case 'csv': {
      const { separator: separatorChar, quote: quoteChar = NO_QUOTE } = storage;
      return {
        ...{ classification: 'csv', ...TEXT },
        SerdeInfo: {
          SerializationLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde',
          Parameters: { separatorChar, quoteChar, escapeChar: NO_ESCAPE },
        },
      };
    }
    case 'json': {
      const mappings = Object.entries(storage.keys).map(([column, key]) => [`mapping.${column}`, key]);
      const Parameters = {
        'case.insensitive': String(!storage.isCaseExact),
        ...(Object.fromEntries(mappings) as Record<string, string>),
      };
      return {
        ...{ classification: 'json', ...TEXT },
        SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe', Parameters },
      };
    }
  }
}
