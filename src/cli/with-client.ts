import type { LandfallClient } from '../client';
import { useRunningStack } from './running-stack';

export async function withClient<T>(use: (client: LandfallClient) => Promise<T>): Promise<T> {
  useRunningStack();
  // Loaded when it is needed: whoever asks for help or mistypes need not wait for it.
  const { LandfallClient } = await import('../client.js');
  const client = await LandfallClient.connect();
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}
