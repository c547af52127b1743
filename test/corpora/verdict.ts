/** What a part of the corpora came to: how many files, and what did not hold. */
export interface Verdict {
  name: string;
  files: number;
  figures: Record<string, number>;
  failures: string[];
}

export const MOST_SHOWN = 20;

export function verdict(name: string): Verdict & { fail(words: string): void } {
  const failures: string[] = [];
  return { name, files: 0, figures: {}, failures, fail: (words) => void failures.push(words) };
}
