import type { LandfallClient as Client } from './client';

/** Starts, follows and cancels runs. Every call may be made twice: the pipeline's intake sees to that. */
export type LandfallClient = Client;

/** Temporal is loaded when it is called, as with `createLandfallWorker`. */
export const LandfallClient = {
  /** @throws SetupError when Temporal cannot be reached where the profile or `TEMPORAL_ADDRESS` says it is */
  async connect(): Promise<Client> {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded late, and as CommonJS like the rest
    const client = require('./client') as typeof import('./client');
    return client.LandfallClient.connect();
  },
};
