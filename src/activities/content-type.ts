const CONTENT_TYPES: Record<string, string> = {
  '.csv': 'text/csv',
  '.tsv': 'text/tab-separated-values',
  '.json': 'application/json',
  '.jsonl': 'application/x-ndjson',
  '.ndjson': 'application/x-ndjson',
  '.gz': 'application/gzip',
  '.zst': 'application/zstd',
  '.parquet': 'application/vnd.apache.parquet',
};

/** Part copies drop the content type, so it is set anew, from the file's ending. */
export function contentTypeOf(key: string): string {
  const ending = /\.[a-z0-9]+$/.exec(key.toLowerCase())?.[0] ?? '';
  return CONTENT_TYPES[ending] ?? 'application/octet-stream';
}
