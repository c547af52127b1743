import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findPipeline, findTable, loadPipelines } from '../../src/definition/load-pipelines';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landfall-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const pipelineCode = (name: string): string => `definePipeline({
  name: '${name}', database: 'things_of_${name}', environment: 'test',
  areas: { land: 'land', rawHist: 'raw-hist', processed: 'processed', curated: 'curated', log: 'log-bucket' },
  tables: { rows: table({ columns: { id: column.int64() } }), cases: table({ columns: { id: column.int64().min(5n) } }) },
})`;
const TYPESCRIPT = "import { column, definePipeline, table } from 'landfall';\n";

async function write(name: string, code: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, code);
  return path;
}
/** What loading them ends with: the names, or the words of the failure. */
async function load(...modules: string[]): Promise<string[] | string> {
  try {
    return (await loadPipelines(modules)).map(({ name }) => name);
  } catch (error) {
    return (error as Error).message.replaceAll(folder, '');
  }
}

describe('load-pipelines', () => {
  it('loads TypeScript and JavaScript, of whatever export and module system', async () => {
    const ts = await write(
      'a.ts',
      `${TYPESCRIPT}export default ${pipelineCode('a')} satisfies object;\nexport const b = ${pipelineCode('b')};\n`,
    );
    const mjs = await write(
      'c.mjs',
      `${TYPESCRIPT}export const pipelines = 1; export const c = ${pipelineCode('c')};\n`,
    );
    const cjs = await write(
      'd.cjs',
      `const { column, definePipeline, table } = require('landfall');\nmodule.exports = ${pipelineCode('d')};\n`,
    );
    const names = await load(ts, relative(process.cwd(), mjs), cjs);
    expect(Array.from(names).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('takes a pipeline that is exported twice, or a module that is named twice, once', async () => {
    const path = await write(
      'a.ts',
      `${TYPESCRIPT}export const a = ${pipelineCode('a')};\nexport default a;\n`,
    );
    expect(await load(path, path)).toEqual(['a']);
  });

  it.each([
    ['is not there', undefined, 'There is no file /a.ts. Give the path'],
    ['exports none', 'export const a = 1;', '/a.ts exports no pipeline. Export what definePipeline returns'],
    ['is no TypeScript', 'const a = 1;\nexport const = 2;\n', '/a.ts:2'],
    ['fails', "const a = 1;\nthrow new Error('no such court');\n", 'cannot be loaded: no such court.'],
    ['imports what is not there', "import './nothing-here';\n", 'cannot be loaded'],
    [
      'declares what cannot be',
      `${TYPESCRIPT}export default definePipeline({ nmae: 'a' } as never);`,
      'which Landfall does not know',
    ],
  ])('says in words when a module %s', async (_name, code, words) => {
    const path = join(folder, 'a.ts');
    if (code !== undefined) await writeFile(path, code);
    const failure = await load(path);
    expect(failure).toContain(words);
    expect(failure).not.toMatch(/\\n| {4}at /);
  });

  it('refuses two pipelines of one Glue database', async () => {
    const code = (name: string): string => pipelineCode(name).replace(/things_of_./, 'things');
    const module = await write(
      'same.ts',
      `${TYPESCRIPT}export const a = ${code('a')};\nexport const b = ${code('b')};\n`,
    );
    expect(await load(module)).toContain('Pipelines "a" and "b" have the same Glue database things');
  });

  it('refuses two pipelines of one name', async () => {
    const [one, two] = [
      await write('a.ts', `${TYPESCRIPT}export default ${pipelineCode('a')};\n`),
      await write('b.ts', `${TYPESCRIPT}export default ${pipelineCode('a')};\n`),
    ];
    expect(await load(one, two)).toBe(
      'Two pipelines have the name "a": in /a.ts and in /b.ts. Rename one of them: the name is part of every run.',
    );
  });
});

describe('finding', () => {
  it('a pipeline or a table by a name that is nearly right suggests the right one', async () => {
    const pipelines = await loadPipelines([
      await write('a.ts', `${TYPESCRIPT}export default ${pipelineCode('courts')};\n`),
    ]);
    expect(findPipeline(pipelines, 'courts').name).toBe('courts');
    expect(findTable(pipelines, 'courts', 'rows').name).toBe('rows');
    expect(() => findPipeline(pipelines, 'court')).toThrow(
      'There is no pipeline "court". Did you mean "courts"? Known: courts.',
    );
    expect(() => findTable(pipelines, 'courts', 'unrelated')).toThrow(
      'Pipeline "courts" has no table "unrelated". Known: rows, cases.',
    );
  });
});
