import type { ObjectLocation, ObjectStore } from '../../adapters/object-store';
import { cancellationSignal } from '../context';

/** Deletes what this run has written to processed, of which nobody else would. */
export async function takeBack(store: ObjectStore, written: readonly ObjectLocation[]): Promise<void> {
  const signal = cancellationSignal();
  for (const location of written) {
    const stored = await store.head(location, { signal });
    if (stored) await store.delete(stored, { signal });
  }
}
