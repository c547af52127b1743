/** By shape, and not by a name alone: a column may be called `then`. */
export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** What a user's function gave and nobody waits for: if it is a promise, its rejection would end the process. */
export function ignoreRejection(value: unknown): void {
  if (isPromise(value)) value.then(undefined, () => undefined);
}

/** An object that may be a row: no array, and no promise of one. */
export const isRowLike = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isPromise(value);
