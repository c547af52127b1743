/** Connections of one client. Each open read holds one, so this also bounds how many files are read at once. */
const CONNECTIONS = 128;
const CONNECTION_TIMEOUT_MS = 5_000;
/** Without a byte in either direction. A copy of 512 MiB inside S3 answers after seconds, not minutes. */
const IDLE_TIMEOUT_MS = 120_000;

export interface AwsSettings {
  retryMode: 'standard';
  requestHandler: {
    connectionTimeout: number;
    socketTimeout: number;
    httpAgent: { keepAlive: true; maxSockets: number };
    httpsAgent: { keepAlive: true; maxSockets: number };
  };
}

/**
 * What all AWS clients have in common. Region, credentials, endpoint (`AWS_ENDPOINT_URL`) and the number of attempts
 * (`AWS_MAX_ATTEMPTS`, 3 by default) come from the SDK's own chain of environment and configuration files.
 */
export function awsSettings(): AwsSettings {
  // The SDK would print its Node 20 notice into the user's terminal; the README says which Node to use.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const agent = { keepAlive: true, maxSockets: CONNECTIONS } as const;
  return {
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: IDLE_TIMEOUT_MS,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
}

/** The endpoint that the environment names for a service, for use in words. */
export function configuredEndpoint(service: 'S3' | 'GLUE' | 'ATHENA' | 'SQS'): string | undefined {
  return process.env[`AWS_ENDPOINT_URL_${service}`] ?? process.env.AWS_ENDPOINT_URL;
}
