import { runLandfall, type CommandResult } from '../support/run-landfall';
import { expectNoStackTrace, readJson } from './start-landfall';

const HELP_OF = [
  ['dev', '$ landfall dev examples/'],
  ['worker', '$ landfall worker examples/'],
  ['run', '$ landfall run united-states --timestamp'],
  ['status', '$ landfall status united-states'],
  ['validate', '$ landfall validate pipelines/'],
  ['verify', '$ landfall verify pipelines/'],
  ['doctor', '$ landfall doctor pipelines/'],
] as const;

function expectRefused(result: CommandResult, words: string | RegExp): void {
  expect(result.stderr).toMatch(words);
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expectNoStackTrace(result);
}

test.each(HELP_OF)('landfall %s --help tells what it does, with examples', async (command, example) => {
  const result = await runLandfall([command, '--help']);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(result.stdout).toMatch(new RegExp(`^Usage: landfall ${command} `));
  expect(result.stdout.slice(result.stdout.indexOf('Example'))).toContain(example);
  for (const line of result.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
});

test('landfall --help lists every command, --version prints the package’s version, and no command is a mistake', async () => {
  const [help, version, nothing] = await Promise.all([
    runLandfall(['--help']),
    runLandfall(['--version']),
    runLandfall([]),
  ]);
  for (const [command] of HELP_OF) expect(help.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(version).toMatchObject({ code: 0, stdout: '0.1.0\n', stderr: '' });
  expectRefused(nothing, /^Usage: landfall/);
});

test.each([
  [['dev', '--freshh', 'x.ts'], "unknown option '--freshh'\n(Did you mean --fresh?)"],
  [['worker', '--process', '2', 'x.ts'], "unknown option '--process'\n(Did you mean --processes?)"],
  [['run', 'x', '--jsno'], "unknown option '--jsno'\n(Did you mean --json?)"],
  [['status', 'x', '--jsn'], "unknown option '--jsn'\n(Did you mean --json?)"],
  [['statsu', 'x'], "unknown command 'statsu'\n(Did you mean status?)"],
  [['dev'], "missing required argument 'modules'"],
  [['worker'], "missing required argument 'modules'"],
  [['run'], "missing required argument 'pipeline'"],
  [['status'], "missing required argument 'pipeline'"],
  [['run', 'x', 'y'], 'too many arguments'],
  [
    ['run', 'Bad_Name'],
    "argument value 'Bad_Name' is invalid for argument 'pipeline'. Names have lower case",
  ],
  [['status', 'Bad_Name'], "argument value 'Bad_Name' is invalid for argument 'pipeline'. Names have lower"],
  [['dev', 'x.ts', '--aws-port', '65536'], "'65536' is invalid. Give a port from 1 to 65535."],
  [['dev', 'x.ts', '--ui-port', '0x50'], "'0x50' is invalid. Give a port from 1 to 65535."],
  [['worker', 'x.ts', '--processes', '0'], "'0' is invalid. Give a whole number from 1 on."],
])('%j is refused with exit code 2 and words', async (args, words) => {
  const result = await runLandfall(args);
  expect(result.stderr).toContain(words);
  expectRefused(result, /\(see --help\)/);
});

test('a --timestamp is epoch seconds or ISO 8601 with its zone, and a day that there is', async () => {
  const wrong = [
    'yesterday',
    '-5',
    '0',
    '1534968800.5',
    '12345678901',
    '2018-08-22T20:13:20',
    '2018-02-30T00:00:00Z',
  ];
  const results = await Promise.all(wrong.map((text) => runLandfall(['run', 'x', `--timestamp=${text}`])));
  for (const [index, result] of results.entries()) {
    expect(result.stderr).toContain(
      `argument '${wrong[index]}' is invalid. Give UTC epoch seconds (1534968800) or`,
    );
    expectRefused(result, /2018-08-22T20:13:20Z/);
  }
});

test('with --json a mistake is one line of JSON, and words all the same', async () => {
  const [unknown, missing] = await Promise.all([
    runLandfall(['run', 'x', '--json', '--now-ait']),
    runLandfall(['status', '--json']),
  ]);
  expect(readJson(unknown)).toEqual({
    outcome: 'failed',
    error: { type: 'UsageError', happened: "unknown option '--now-ait'", next: 'Did you mean --no-wait?' },
  });
  expect(unknown.stderr).toBe("error: unknown option '--now-ait'\n(Did you mean --no-wait?)\n(see --help)\n");
  expect(readJson(missing)).toMatchObject({ error: { happened: "missing required argument 'pipeline'" } });
  expect([unknown.code, missing.code]).toEqual([2, 2]);
});
