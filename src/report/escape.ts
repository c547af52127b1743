import { printable } from '../checks/printable';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or a quoted attribute. Names and values are whatever a supplier wrote. */
export const escapeHtml = (text: string): string =>
  printable(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** Any ASCII punctuation may stand behind a backslash (CommonMark), which also keeps addresses from becoming links. */
export const escapeMarkdown = (text: string): string =>
  printable(text).replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`);

/** At most so many UTF-16 units, and no half character, so that what is shown stays within a payload or a line. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
