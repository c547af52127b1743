/** An escaped sign that needs no escape; with the flag u JavaScript would refuse it. */
const NEEDLESS_ESCAPE = /\\([^\w\s^$\\.*+?()[\]{}|/-])/g;

/**
 * Python's regular expression as JavaScript's, which has the same meaning: with the flag u what it does not know is an
 * error, not another meaning.
 * @returns undefined when it says what only Python knows
 */
export function translatePattern(python: string): RegExp | undefined {
  const javaScript = python
    .replace(/^\\A/, '^')
    .replace(/\\Z$/, '$')
    .replaceAll('(?P<', '(?<')
    .replaceAll(NEEDLESS_ESCAPE, '$1');
  try {
    return new RegExp(javaScript, 'u');
  } catch {
    return undefined;
  }
}

/** Whether texts that go on after the match pass with data_linter, which anchors patterns at their start only. */
export const isOpenAtEnd = (python: string): boolean => !/(^|[^\\])(\\\\)*\$$|\\Z$|\.\*$/.test(python);
