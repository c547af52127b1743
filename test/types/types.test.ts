import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');
const filesIn = (folder: string): string[] =>
  readdirSync(join(__dirname, folder)).map((name) => join(__dirname, folder, name));
const WRONG = filesIn('wrong');
const RIGHT = filesIn('right');

interface Complaint {
  /** Counted from 1. */
  line: number;
  message: string;
}

/** What the comments `// expect: …` announce for the line below each. */
function expectedComplaints(file: string): Complaint[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, index) => {
      const message = /^\s*\/\/ expect: (.+)$/.exec(text)?.[1];
      return message === undefined ? [] : [{ line: index + 2, message }];
    });
}

function compile(files: string[]): (file: string) => Complaint[] {
  const settings = ts.getParsedCommandLineOfConfigFile(join(ROOT, 'tsconfig.all.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
    },
  });
  const program = ts.createProgram(files, settings?.options ?? {});
  return (file) => {
    const source = program.getSourceFile(file);
    if (!source) throw new Error(`${file} is not in the program`);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ start, messageText }) => ({
        line: source.getLineAndCharacterOfPosition(start ?? 0).line + 1,
        message: ts.flattenDiagnosticMessageText(messageText, '\n'),
      }),
    );
  };
}

/** An announced complaint that came is put in the words of its announcement, so that a failure shows the others. */
function inWordsOf(expected: readonly Complaint[], actual: readonly Complaint[]): Complaint[] {
  return actual.map(
    (each) =>
      expected.find(({ line, message }) => line === each.line && each.message.includes(message)) ?? each,
  );
}

let complaintsOf: (file: string) => Complaint[];

beforeAll(() => {
  complaintsOf = compile([...WRONG, ...RIGHT]);
});

test.each(WRONG.map((file) => [basename(file), file]))(
  'wrong/%s does not compile, for the announced reasons alone',
  (_name, file) => {
    const expected = expectedComplaints(file);

    expect(expected).not.toEqual([]);
    expect(inWordsOf(expected, complaintsOf(file))).toEqual(expected);
  },
);

test.each(RIGHT.map((file) => [basename(file), file]))('right/%s compiles', (_name, file) => {
  expect(complaintsOf(file)).toEqual([]);
});
