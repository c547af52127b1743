import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { column } from '../../src/definition/column';
import { csv } from '../../src/definition/format';
import { AREAS, pipelineOf, refusalOf, tableOf } from '../definition/pipeline-of';
import { runLandfall } from '../support/run-landfall';

const ID = { id: column.string() };
const KEY = { columns: ['id'], references: { table: 'my_table', columns: ['id'] }, in: 'delivery' };
const TRANSFORM = { columns: ID, apply: () => undefined };
const asOptions = (options: object): never => options as never;

/** Each level of a pipeline's definition, with a key that nothing knows put into it. */
const LEVELS: [string, (unknown: Record<string, unknown>) => unknown][] = [
  ['the pipeline', (unknown) => pipelineOf(unknown)],
  ['areas', (unknown) => pipelineOf({ areas: { ...AREAS, ...unknown } })],
  ['a table', (unknown) => tableOf(unknown)],
  ['files', (unknown) => tableOf({ files: unknown })],
  ['format', (unknown) => tableOf({ format: { ...csv(), ...unknown } })],
  ['header', (unknown) => tableOf({ header: unknown })],
  ['rows', (unknown) => tableOf({ rows: unknown })],
  ['foreignKeys', (unknown) => tableOf({ columns: ID, foreignKeys: [{ ...KEY, ...unknown }] })],
  [
    'what a foreign key references',
    (unknown) =>
      tableOf({ columns: ID, foreignKeys: [{ ...KEY, references: { ...KEY.references, ...unknown } }] }),
  ],
  ['transform', (unknown) => tableOf({ transform: { ...TRANSFORM, ...unknown } })],
  ['curated', (unknown) => tableOf({ curated: unknown })],
  ['string', (unknown) => column.string(asOptions(unknown))],
  ['oneOf', (unknown) => column.oneOf(['a'], asOptions(unknown))],
  ['boolean', (unknown) => column.boolean(asOptions(unknown))],
  ['int8', (unknown) => column.int8(asOptions(unknown))],
  ['int16', (unknown) => column.int16(asOptions(unknown))],
  ['int32', (unknown) => column.int32(asOptions(unknown))],
  ['int64', (unknown) => column.int64(asOptions(unknown))],
  ['float32', (unknown) => column.float32(asOptions(unknown))],
  ['float64', (unknown) => column.float64(asOptions(unknown))],
  ['decimal', (unknown) => column.decimal(3, 1, asOptions(unknown))],
  ['date', (unknown) => column.date(asOptions(unknown))],
  ['timestamp', (unknown) => column.timestamp(asOptions(unknown))],
  ['csv()', (unknown) => tableOf({ format: csv(asOptions(unknown)) })],
];

describe('fault 13: unknown config keys and values are refused, by name', () => {
  test.each(LEVELS)('a misspelt key of %s', (_level, define) => {
    const { type, happened, next } = refusalOf(() => define({ requried_by: true }));
    expect(type).toBe('DefinitionError');
    expect(happened).toContain('requried_by');
    expect(next).not.toBe('');
  });

  test.each([
    ['a format', { format: { name: 'xml' } }, 'format'],
    ['an order of the header', { header: { order: 'sorted' } }, 'header.order'],
    ['a case of the header', { header: { case: 'lower' } }, 'header.case'],
    ['what becomes of missing columns', { header: { missing: 'ignore' } }, 'header.missing'],
    ['what becomes of extra columns', { header: { extra: true } }, 'header.extra'],
    ['whether files are required', { files: { required: 'yes' } }, 'files.required'],
    ['a number of rows as text', { rows: { min: '1' } }, 'rows.min'],
    ['rows of a transform', { transform: { ...TRANSFORM, rows: 'any' } }, 'transform.rows'],
    ['where a foreign key looks', { columns: ID, foreignKeys: [{ ...KEY, in: 'raw' }] }, 'foreignKeys.0.in'],
    ['aliases that are no list', { columns: { id: column.string(asOptions({ alias: 'ID' })) } }, 'alias'],
    ['an empty alias', { columns: { id: column.string({ alias: [''] }) } }, 'alias'],
    ['unique as text', { columns: { id: column.string(asOptions({ unique: 'no' })) } }, 'unique'],
  ])('a value that is none of %s', (_what, changes, words) => {
    const { type, happened } = refusalOf(() => tableOf(changes));
    expect(type).toBe('DefinitionError');
    expect(happened).toContain(words);
  });

  test('an option of a command', async () => {
    for (const command of ['run', 'status', 'worker', 'dev', 'import-metadata']) {
      const { code, stderr } = await runLandfall([command, '--requried', 'x']);
      expect([command, code, stderr]).toEqual([command, 2, expect.stringContaining('--requried')]);
    }
  });

  test('a key of a metadata file: told by name, never dropped in silence', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'landfall-test-'));
    const file = join(folder, 'table.json');
    writeFileSync(
      file,
      JSON.stringify({ name: 't', requried: 1, columns: [{ name: 'a', type: 'string', patern: 'x' }] }),
    );
    const { code, stderr } = await runLandfall(['import-metadata', file]);
    rmSync(folder, { recursive: true });
    expect(code).toBe(0);
    expect(stderr).toContain('requried');
    expect(stderr).toContain('patern');
  });
});
