import { rm } from 'node:fs/promises';
import { recallTestStack } from './test-stack';

export default async function stopTestStack(): Promise<void> {
  const running = recallTestStack();
  if (running === undefined) return;
  await running.stack.stop();
  await rm(running.stateDir, { recursive: true, force: true });
}
