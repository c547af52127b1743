/** What a column holds, as data: from it follow the check of raw text, the JSON, the Polars, Parquet and Glue type. */
export type ColumnType =
  | { name: 'string' }
  | { name: 'boolean'; trueTexts: readonly string[]; falseTexts: readonly string[] }
  | { name: 'int8' | 'int16' | 'int32' | 'int64' }
  | { name: 'float32' | 'float64' }
  | { name: 'decimal'; precision: number; scale: number; min?: string; max?: string }
  | { name: 'date'; format: string; min?: string; max?: string }
  | { name: 'timestamp'; format: string; min?: string; max?: string };

export type ColumnTypeName = ColumnType['name'];

/** The Glue and Athena type of a column; the table is mojap-metadata's. */
export function glueType(type: ColumnType): string {
  switch (type.name) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'int8':
      return 'tinyint';
    case 'int16':
      return 'smallint';
    case 'int32':
      return 'int';
    case 'int64':
      return 'bigint';
    case 'float32':
      return 'float';
    case 'float64':
      return 'double';
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'date':
      return 'date';
    case 'timestamp':
      return 'timestamp';
  }
}
