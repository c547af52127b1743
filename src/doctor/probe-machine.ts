import { createS3Client } from '../adapters/s3-client';
import { readIdentity } from '../adapters/s3-inspect';
import { configuredEndpoint } from '../adapters/aws-settings';
import { readImageTag } from '../version';
import { ok, failed, probe, warning, type ProbeResult } from './probe';

const OLDEST_NODE = 20;
const OLDEST_KEPT_NODE = 22;
const NEWEST_NODE = 24;

/** What the process itself is: Node, the version that rows will carry, and who asks AWS. */
export async function probeMachine(): Promise<ProbeResult[]> {
  return Promise.all([
    probe('node', () => {
      const major = Number(process.versions.node.split('.')[0]);
      if (major < OLDEST_NODE) return failed(process.version, `Install Node ${NEWEST_NODE}.`);
      if (major < OLDEST_KEPT_NODE)
        return warning(`${process.version}, past its end of life`, `Install Node ${NEWEST_NODE}.`);
      return major > NEWEST_NODE
        ? warning(`${process.version}, which Landfall is not tested on`, `Install Node ${NEWEST_NODE}.`)
        : ok(process.version);
    }),
    probe('version', () => {
      const version = readImageTag();
      return process.env.IMAGE_TAG?.trim()
        ? ok(`IMAGE_TAG is ${version}`)
        : warning(
            `IMAGE_TAG is not set: rows would carry "${version}", and with NODE_ENV=production no worker starts`,
            'Set IMAGE_TAG to the tag of the image (= the git tag) where the worker runs.',
          );
    }),
    probe('credentials', async (signal) => {
      const { region, accessKey, accountId } = await readIdentity(createS3Client(), { signal });
      const endpoint = configuredEndpoint('S3');
      const facts = [
        `access key ${accessKey}`,
        accountId === undefined ? '' : `account ${accountId}`,
        `region ${region}`,
        endpoint === undefined ? '' : `endpoint ${endpoint}`,
      ];
      return ok(facts.filter(Boolean).join(', '));
    }),
  ]);
}
