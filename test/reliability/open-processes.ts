type End = () => Promise<void>;

const open = new Set<End>();
let isEnding = false;

/**
 * Remembers what a lane has to end before it ends itself: said before it is started.
 *
 * @returns forgets it
 * @throws when the lane ends already, so that nothing is started that would stay
 */
export function rememberToEnd(end: End): () => void {
  if (isEnding) throw new Error('the harness ends');
  open.add(end);
  return () => void open.delete(end);
}

export async function endOpenProcesses(): Promise<void> {
  isEnding = true;
  const ends = [...open];
  open.clear();
  await Promise.allSettled(ends.map((end) => end()));
}
