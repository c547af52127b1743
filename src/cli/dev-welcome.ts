import type { Stack } from '../stack/stack-options';

/** What `landfall dev --json` prints. */
export function describeStack(stack: Stack, pipelines: readonly string[]) {
  const { temporalAddress, temporalNamespace, webUiUrl, awsEndpoint, environment } = stack;
  return { temporalAddress, temporalNamespace, webUiUrl, awsEndpoint, environment, pipelines };
}

export function welcome(stack: Stack, pipelines: readonly string[], stateDir: string): string {
  const exports = Object.entries(stack.environment).map(([name, value]) => `  export ${name}=${value}`);
  const runs = pipelines.map((pipeline) => `  npx landfall run ${pipeline}`);
  return [
    'Landfall is ready.',
    `  Temporal Web UI       ${stack.webUiUrl ?? '(your own)'}`,
    `  Temporal              ${stack.temporalAddress}`,
    `  S3, Glue and Athena   ${stack.awsEndpoint}`,
    `  State and logs        ${stateDir}`,
    '',
    'Land a file with any S3 client, then, in this folder:',
    ...runs,
    '',
    'For other programs and folders:',
    ...exports,
    '',
    'Stop with Ctrl-C.',
  ].join('\n');
}
