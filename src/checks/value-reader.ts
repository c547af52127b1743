import type { FindingCode } from './finding';

/** Why a field's text is not a value of its column. */
export interface Fault {
  readonly code: FindingCode;
  /** What the schema asks for, in short. */
  readonly expected: string;
}

/** A value in canonical form, null, or why it is neither. */
export type ReadValue = string | null | Fault;

/**
 * Judges the raw text of one field, as it stands in the file, in one pass. `quoted`: the field stood in quotes (in
 * JSON: it was a string).
 */
export type ValueReader = (text: string, quoted: boolean) => ReadValue;

/** The canonical form of a text, or undefined when it is not of the type. */
export type TypeReader = (text: string) => string | undefined;

export const isFault = (value: ReadValue): value is Fault => typeof value === 'object' && value !== null;

export const CODE = { zero: 48, one: 49, nine: 57, minus: 45, plus: 43, dot: 46, e: 101, E: 69 } as const;

export const isDigit = (code: number): boolean => code >= CODE.zero && code <= CODE.nine;
