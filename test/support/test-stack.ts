import type { Stack } from '../../src/stack/stack-options';

interface TestStack {
  stack: Stack;
  stateDir: string;
}

// Jest loads set-up and teardown as separate modules; only the global object is the same.
const holder = globalThis as { landfallTestStack?: TestStack };

export function rememberTestStack(running: TestStack): void {
  holder.landfallTestStack = running;
}

export function recallTestStack(): TestStack | undefined {
  return holder.landfallTestStack;
}
