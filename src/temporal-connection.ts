import { isGrpcServiceError, NamespaceNotFoundError, ServiceError } from '@temporalio/client';
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

/** gRPC's codes for a server that is not there, not ours, or not for us. */
const LOST = { deadlineExceeded: 4, permissionDenied: 7, unavailable: 14, unauthenticated: 16 };

/** @returns undefined for what Temporal says about a single request */
export function lostTemporal({ address, namespace }: TemporalTarget, error: unknown): SetupError | undefined {
  const reason = whyLost(error);
  if (reason === undefined) return undefined;
  return new SetupError(
    {
      happened: `Temporal at ${address}, namespace ${namespace}, cannot be used: ${reason.replace(/\.$/, '')}.`,
      unchanged: 'Runs that have begun go on without this command.',
      next: 'See that it runs, and that TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the credentials are right; then call again.',
    },
    { cause: error },
  );
}

function whyLost(error: unknown): string | undefined {
  if (error instanceof NamespaceNotFoundError) return 'it has no such namespace';
  const failure = error instanceof ServiceError ? error.cause : error;
  if (!isGrpcServiceError(failure)) return undefined;
  const { code, details } = failure;
  // Calls that the SDK does not wrap say it in words alone.
  if (/^namespace .* not found/i.test(details)) return 'it has no such namespace';
  return Object.values(LOST).includes(code) ? details : undefined;
}
