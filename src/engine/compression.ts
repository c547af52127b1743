/** How bytes are packed, as their first ones tell it. The last six are only recognised, to be refused by name. */
export type Packing = 'gzip' | 'zstd' | 'bzip2' | 'xz' | 'ZIP' | '7-Zip' | 'LZ4' | 'OLE2';

const MAGIC: readonly (readonly [Packing, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', [0x42, 0x5a, 0x68, -1, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['ZIP', [0x50, 0x4b, 0x03, 0x04]],
  ['7-Zip', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['LZ4', [0x04, 0x22, 0x4d, 0x18]],
  ['OLE2', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  // A skippable frame, such as pzstd begins with.
  ['zstd', [-16, 0x2a, 0x4d, 0x18]],
];

export const LONGEST_MAGIC = 10;

/** -1 stands for any byte, -16 for 0x50 to 0x5f. */
const matches = (byte: number | undefined, expected: number): boolean =>
  expected === -1 || (expected === -16 ? ((byte ?? 0) & 0xf0) === 0x50 : byte === expected);

/** @param first the first bytes, `LONGEST_MAGIC` of them where there are as many */
export const packingOfContent = (first: Uint8Array): Packing | undefined =>
  MAGIC.find(([, magic]) => magic.every((byte, at) => matches(first[at], byte)))?.[0];

const WITH_ADVICE: Partial<Record<Packing, string>> = {
  ZIP: 'ZIP (if it is an Excel workbook, export its sheet as CSV)',
  OLE2: 'an Office document (export its sheet as CSV)',
};

export const describePacking = (packing: Packing): string => WITH_ADVICE[packing] ?? packing;

export function packingOfName(name: string): 'gzip' | 'zstd' | undefined {
  if (/\.gz$/i.test(name)) return 'gzip';
  return /\.zst$/i.test(name) ? 'zstd' : undefined;
}
