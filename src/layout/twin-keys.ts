/**
 * What two keys have in common that a person, a file system or a query engine would take for one: Unicode's
 * compatibility form (NFKC), without case, without characters that nobody sees, every white space a space.
 * By way of upper case, so that `ß`, `ẞ` and `ss`, and the two lower cases of `Σ`, are the same.
 */
export function foldKey(key: string): string {
  return key
    .normalize('NFKC')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll(/\s+/gu, ' ');
}
