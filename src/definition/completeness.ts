/** Where in a supplier's manifest a fact about a file stands: the key of a JSON object, the header of a CSV column. */
export interface ManifestFields {
  /** The file's name, or its path from some folder on. */
  file: string;
  /** Of the file as it landed. */
  bytes?: string;
  /** Data rows, without header. */
  rows?: string;
  /** Hexadecimal, of the file as it landed. */
  md5?: string;
  /** Hexadecimal, of the file as it landed. */
  sha256?: string;
}

/** A file in which the supplier says what the delivery has: which files, and what each must be. */
export interface SupplierManifest {
  /** Its path below the pipeline's folder in land; an expression must match all of it. */
  name: string | RegExp;
  format: 'json' | 'csv';
  /** The key under which a JSON document has its list. @default the document is the list */
  list?: string;
  /** Every field named here is in every entry, and is checked; others are the supplier's own. */
  fields: ManifestFields;
}

/** What says that a delivery is complete. Until all that is given here holds, nothing is taken from land. */
export interface CompletenessDefinition {
  /** Every required table has its files (`files.min` of them). */
  tables?: boolean;
  /** An object at this path below the pipeline's folder in land; what was uploaded before it, or with it, is complete. */
  marker?: string | RegExp;
  /** The supplier's own list: every file it lists is there. */
  manifest?: SupplierManifest;
  /** Nothing was uploaded for so many seconds, by the store's clock. */
  quietSeconds?: number;
  /**
   * With `quietSeconds`: once something has waited for so many seconds, all that waits is taken though uploads go on, so
   * that a supplier who never stops does not keep it in land. What else `complete` asks for must still hold.
   * @default 10 × quietSeconds
   */
  atMostSeconds?: number;
}

/** A path, or an expression for all of it. */
export interface NoteName {
  /** As it was written, for people. */
  written: string;
  pattern: RegExp;
}

/** With every default filled in. */
export interface Completeness {
  tables: boolean;
  marker: NoteName | undefined;
  manifest: (Omit<SupplierManifest, 'name'> & { name: NoteName }) | undefined;
  quietSeconds: number;
  atMostSeconds: number;
}

/** The whole path, and without what an expression would remember from one to the next. */
function readNoteName(name: string | RegExp): NoteName {
  const [source, flags] =
    typeof name === 'string'
      ? [name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'u']
      : [name.source, name.flags.replaceAll(/[gy]/g, '')];
  return { written: String(name), pattern: new RegExp(`^(?:${source})$`, flags) };
}

/** Times quietSeconds. */
const DEFAULT_PATIENCE = 10;

export function readCompleteness(definition: CompletenessDefinition = {}): Completeness {
  const { tables = false, marker, manifest, quietSeconds = 0 } = definition;
  const { atMostSeconds = quietSeconds * DEFAULT_PATIENCE } = definition;
  return {
    tables,
    marker: marker === undefined ? undefined : readNoteName(marker),
    manifest: manifest && { ...manifest, name: readNoteName(manifest.name) },
    quietSeconds,
    atMostSeconds,
  };
}
