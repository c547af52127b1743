/** Packed bytes are damaged, cut off or of a kind that is not read. The message has no value of any row. */
export class PackingFault extends Error {
  override readonly name = 'PackingFault';
}
