const EVERY_MS = 200;
const RATE_AFTER_MS = 1_000;

export interface ShownLine {
  /** @param describe what to show now; seconds are undefined while they are too few for a rate */
  update: (describe: (seconds: number | undefined) => string) => void;
  end: () => void;
}

/** One line on a terminal that changes in place; nothing elsewhere. */
export function showLine(): ShownLine {
  if (!process.stderr.isTTY) return { update: () => undefined, end: () => undefined };
  const began = Date.now();
  let shownAt = 0;
  return {
    update: (describe) => {
      const now = Date.now();
      if (now - shownAt < EVERY_MS) return;
      shownAt = now;
      const line = describe(now - began < RATE_AFTER_MS ? undefined : (now - began) / 1000);
      process.stderr.write(`\r\u001b[K${line.slice(0, Math.max(20, process.stderr.columns - 1))}`);
    },
    end: () => {
      if (shownAt > 0) process.stderr.write('\r\u001b[K');
    },
  };
}
