import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { makeOnce } from '../../bench/cache';

const run = promisify(execFile);

export const TRINO_VERSION = '476';
const OLDEST_JAVA = 24;
// Maven knows the user's mirrors.
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';
/** Pinned by their SHA-256; 450 MB together. */
const SERVER = {
  name: 'trino-server-core',
  type: 'tar.gz',
  sha256: '0f388f9967c177ae70a47c099082fc95387f0c3cb96d8000d1d41fc3a5223158',
};
const HIVE = {
  name: 'trino-hive',
  type: 'zip',
  sha256: '611bacdb07d9f3cf7b9d47f97ecc76fa2e7ff8bfe8a9728c3d06adc1bfb8662e',
};

/** A home of a Java that Trino runs on: of JAVA_HOME, of what is on the PATH, or where Linux keeps them. */
export async function findJava(): Promise<string | undefined> {
  const homes = [process.env['JAVA_HOME'], await homeOfPath(), ...(await homesOfSystem())];
  for (const home of homes) if (home && (await majorOf(home)) >= OLDEST_JAVA) return home;
  return undefined;
}

export const WITHOUT_JAVA = `Trino ${TRINO_VERSION} needs a JDK of version ${OLDEST_JAVA} or newer (25 is tried), and there is none in JAVA_HOME, on the PATH or in /usr/lib/jvm. Nothing was checked. Install one, such as Temurin 25, then try again.`;

async function homeOfPath(): Promise<string | undefined> {
  const asked = await run('java', ['-XshowSettings:properties', '-version']).catch(() => undefined);
  return /java\.home = (.+)/.exec(asked?.stderr ?? '')?.[1];
}

async function homesOfSystem(): Promise<string[]> {
  const names = await readdir('/usr/lib/jvm').catch(() => []);
  return names.map((name) => join('/usr/lib/jvm', name));
}

async function majorOf(home: string): Promise<number> {
  const java = join(home, 'bin', 'java');
  if (!existsSync(java)) return 0;
  const { stderr } = await run(java, ['-version']).catch(() => ({ stderr: '' }));
  return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
}

/** Where Trino is; downloaded into the user's cache when it is not there yet. */
export async function findTrino(): Promise<string> {
  return makeOnce(`trino-${TRINO_VERSION}`, async (folder) => {
    process.stderr.write(`downloading Trino ${TRINO_VERSION} with Maven (first time only, 450 MB)\n`);
    await mkdir(join(folder, 'plugin'), { recursive: true });
    const server = await download(SERVER, folder);
    await run('tar', ['-xzf', server, '-C', folder, '--strip-components=1']);
    const hive = await download(HIVE, folder);
    await run('python3', ['-m', 'zipfile', '-e', hive, join(folder, 'plugin')]);
  });
}

async function download({ name, type, sha256 }: typeof SERVER, folder: string): Promise<string> {
  const artifact = `io.trino:${name}:${TRINO_VERSION}:${type}`;
  await run('mvn', ['-q', '--batch-mode', COPY, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`]);
  const file = join(folder, `${name}-${TRINO_VERSION}.${type}`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (found !== sha256) throw new Error(`${artifact} is not what was expected: its sha256 is ${found}`);
  return file;
}
