import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileWriter, createGzipWriter } from '../../src/engine/file-writer';
import { inTempPlace } from '../../src/engine/temp-place';
import { until } from '../support/until';

const PREFIX = join(tmpdir(), 'landfall-test-');
const DESCRIPTORS = '/proc/self/fd';

function openFilesOf(folder: string): number {
  const targets = readdirSync(DESCRIPTORS).map((name) => {
    try {
      return readlinkSync(join(DESCRIPTORS, name));
    } catch {
      // The one that listed the others.
      return '';
    }
  });
  return targets.filter((target) => target.startsWith(folder)).length;
}

test('what a failed task had open is closed, however far its writers had come', async () => {
  let folder = '';
  const failing = inTempPlace(PREFIX, async ({ tempFolder, ended }) => {
    folder = tempFolder;
    await createFileWriter(join(tempFolder, 'begun.csv'), ended).write(Buffer.from('id\n'));
    await createGzipWriter(join(tempFolder, 'packing.gz'), ended).write(Buffer.alloc(4_000_000, 'x'));
    expect(openFilesOf(tempFolder)).toBe(2);
    throw new Error('the transform failed');
  });
  await expect(failing).rejects.toThrow('the transform failed');
  expect(existsSync(folder)).toBe(false);
  await until('no open file', () => Promise.resolve(openFilesOf(folder) === 0));
});

test('writing on after the task is over fails, and makes no file', async () => {
  const late = await inTempPlace(PREFIX, ({ tempFolder, ended }) =>
    Promise.resolve(createGzipWriter(join(tempFolder, 'late.gz'), ended)),
  );
  await expect(late.write(Buffer.alloc(4_000_000)).then(() => late.end())).rejects.toThrow(/abort/i);
});
