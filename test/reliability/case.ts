/** One disturbed run; its name says what is done to it, so that it can be asked for again. */
export interface Case {
  name: string;
  /** @returns what is wrong in the end, in words; nothing where all holds */
  run: () => Promise<string[]>;
}

export interface CaseGroup {
  name: string;
  /** How many there are of it in a quick selection. */
  quick: number;
  cases: () => Promise<Case[]>;
}
