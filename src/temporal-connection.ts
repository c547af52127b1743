import { loadClientConnectConfig } from '@temporalio/envconfig';
import { SetupError } from './errors';

type ConnectConfig = ReturnType<typeof loadClientConnectConfig>;

export interface TemporalTarget {
  connectionOptions: ConnectConfig['connectionOptions'];
  address: string;
  namespace: string;
}

/** Where Temporal is, by the standard profile file and environment (`temporal.toml`, `TEMPORAL_ADDRESS` and the like). */
export function readTemporalTarget(): TemporalTarget {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  return {
    connectionOptions,
    address: connectionOptions.address ?? 'localhost:7233',
    namespace: namespace ?? 'default',
  };
}

export function cannotReachTemporal(address: string, cause: unknown): SetupError {
  return new SetupError(
    {
      happened: `There is no Temporal server at ${address}.`,
      next: 'Start the embedded one with: npx landfall dev. Or say where yours is with TEMPORAL_ADDRESS (and TEMPORAL_NAMESPACE, or a profile in temporal.toml).',
    },
    { cause },
  );
}
