type End = () => Promise<void>;

const open = new Set<End>();

/** Remembers what a lane has to end before it ends itself. @returns forgets it */
export function rememberToEnd(end: End): () => void {
  open.add(end);
  return () => void open.delete(end);
}

export async function endOpenProcesses(): Promise<void> {
  const ends = [...open];
  open.clear();
  await Promise.allSettled(ends.map((end) => end()));
}
