import { GlueClient } from '@aws-sdk/client-glue';
import { awsSettings } from '../../src/adapters/aws-settings';

/** A client that tells which changes it sends, and lets another act just before one is. */
export function recordCalls(before: (name: string) => Promise<void> = () => Promise.resolve()) {
  const client = new GlueClient(awsSettings());
  const calls: { name: string; input: unknown }[] = [];
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        await before(commandName);
        if (!commandName.startsWith('Get')) calls.push({ name: commandName, input: args.input });
        return next(args);
      },
    { step: 'initialize' },
  );
  return { glue: client, calls };
}
