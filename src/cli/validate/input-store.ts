import { localFileStore } from '../../adapters/local-file-store';
import type { ObjectStore, PinnedObject } from '../../adapters/object-store';
import type { Input } from './find-inputs';

/** The inputs as objects, wherever each is; their keys are the names that people gave. */
export function createInputStore(
  inputs: readonly Input[],
  openS3: () => Promise<ObjectStore>,
): Pick<ObjectStore, 'read' | 'open'> {
  const byName = new Map(inputs.map((input) => [input.shown, input]));
  return {
    read: async ({ key }) => {
      const input = byName.get(key);
      if (!input) throw new Error(`${key} is none of the inputs`);
      return (input.isLocal ? localFileStore : await openS3()).read(input.source);
    },
    // Only published files are looked for by name, and nothing published is compared with here.
    open: () => Promise.resolve(undefined),
  };
}

export const inputObject = ({ shown: key, source }: Input): PinnedObject => ({ ...source, key });
