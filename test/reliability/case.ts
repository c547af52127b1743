/** One disturbed run; its name says what is done to it, so that it can be asked for again. */
export interface Case {
  name: string;
  /** @returns what is wrong in the end, in words; nothing where all holds */
  run: () => Promise<string[]>;
}

/** The store that a group runs on. */
export const STORES = ['emulator', 'versitygw'] as const;
export type Store = (typeof STORES)[number];

export interface CaseGroup {
  name: string;
  on: Store;
  /** How many there are of it in a quick selection. */
  quick: number;
  /** How many of them a process takes through at once. @default 1 */
  atOnce?: number;
  /** In how many processes. @default as many as there are */
  lanes?: number;
  /** Within this time one must have come to its end. @default five minutes */
  longestMs?: number;
  cases: () => Promise<Case[]>;
}

/** Of every case that throws where it should judge. */
export async function inWords(judge: () => Promise<string[]>): Promise<string[]> {
  try {
    return await judge();
  } catch (error) {
    return [`it does not come to its end: ${error instanceof Error ? error.message : String(error)}`];
  }
}
