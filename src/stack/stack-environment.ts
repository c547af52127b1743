import { EMULATED_REGION } from './aws-emulator';

interface Addresses {
  temporalAddress: string;
  temporalNamespace: string;
  awsEndpoint: string;
  awsIsEmbedded: boolean;
}

/** Settings of the user's that would lead the AWS SDK past the emulator; empty counts as unset for the SDK. */
const LEADS_ELSEWHERE = [
  'AWS_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_ENDPOINT_URL_S3',
  'AWS_ENDPOINT_URL_GLUE',
  'AWS_ENDPOINT_URL_ATHENA',
  'AWS_ENDPOINT_URL_SQS',
];

const PROXIES = ['http_proxy', 'https_proxy', 'grpc_proxy'].flatMap((name) => [name, name.toUpperCase()]);

export function stackEnvironment(addresses: Addresses): Record<string, string> {
  return {
    TEMPORAL_ADDRESS: addresses.temporalAddress,
    TEMPORAL_NAMESPACE: addresses.temporalNamespace,
    AWS_ENDPOINT_URL: addresses.awsEndpoint,
    ...(addresses.awsIsEmbedded && emulatorCredentials()),
    ...loopbackPastProxies(),
  };
}

function emulatorCredentials(): Record<string, string> {
  const silenced = LEADS_ELSEWHERE.filter((name) => process.env[name]).map((name) => [name, ''] as const);
  return {
    AWS_ACCESS_KEY_ID: 'landfall-local',
    AWS_SECRET_ACCESS_KEY: 'landfall-local',
    AWS_REGION: EMULATED_REGION,
    ...Object.fromEntries(silenced),
  };
}

function loopbackPastProxies(): Record<string, string> {
  if (!PROXIES.some((name) => process.env[name])) return {};
  const excepted = [process.env['no_proxy'] || process.env['NO_PROXY'], '127.0.0.1', 'localhost'];
  const value = excepted.filter(Boolean).join(',');
  return { no_proxy: value, NO_PROXY: value };
}
