import { setTimeout as delay } from 'node:timers/promises';

/** Waits for what comes by itself; how long it may take is no part of what is tested. */
export async function until(what: string, holds: () => Promise<boolean>, patienceMs = 50_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${patienceMs / 1000} seconds`);
    await delay(200);
  }
}
