import { AsyncLocalStorage } from 'node:async_hooks';

const notesOfCase = new AsyncLocalStorage<string[]>();

/** A figure of the case that is under way, for the last line: time, size, memory. */
export const note = (words: string): void => void notesOfCase.getStore()?.push(words);

export async function withNotes<T>(run: () => Promise<T>): Promise<{ result: T; notes: string[] }> {
  const notes: string[] = [];
  return { result: await notesOfCase.run(notes, run), notes };
}
