/** As a release whose workflow code fails: Temporal gives its tasks out again and again. */
export function intake(): Promise<void> {
  throw new Error('a release that does not work');
}
