import { createMissingBuckets } from '../src/adapters/s3-buckets';
import { startStack } from '../src/stack/start-stack';

const BUCKETS = ['land', 'raw-hist', 'processed', 'curated', 'log'];

/** Does the work beside an embedded stack with the buckets of the bench's pipeline, of which nothing stays. */
export async function withStack<R>(stateDir: string, work: () => Promise<R>): Promise<R> {
  const stack = await startStack({
    ...{ stateDir, isKept: false, searchAttributes: {} },
    onProgress: () => undefined,
  });
  Object.assign(process.env, stack.environment);
  try {
    await createMissingBuckets(BUCKETS);
    return await work();
  } finally {
    await stack.stop();
  }
}
