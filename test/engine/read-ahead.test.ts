import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { readAhead } from '../../src/engine/read-ahead';

const MIB = 1024 * 1024;

/** Objects whose opening is noted; those without content cannot be opened. */
function openings(sizes: readonly number[]) {
  const objects = sizes.map((size, place) => ({ place, size }));
  const opened: number[] = [];
  const open = (object: { place: number }): Promise<Readable> => {
    opened.push(object.place);
    if (sizes[object.place] === 0) return Promise.reject(new Error(`no ${object.place}`));
    return Promise.resolve(Readable.from([`content ${object.place}`]));
  };
  return { objects, opened, open };
}

test('what is small is read ahead, four at most, and each is given once, in order', async () => {
  const { objects, opened, open } = openings([1, 1, 1, 1, 1, 1, 1]);
  const read = readAhead(objects, ({ size }) => size, open);
  const texts: string[] = [];
  const openedBefore: number[] = [];
  for (const object of objects) {
    const body = await read(object);
    openedBefore.push(opened.length);
    texts.push(await text(body));
  }
  expect(texts).toEqual(objects.map(({ place }) => `content ${place}`));
  expect(openedBefore).toEqual([5, 6, 7, 7, 7, 7, 7]);
  expect(opened).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('what is large is opened when it is asked for', async () => {
  const { objects, opened, open } = openings([1, MIB + 1, 1]);
  const read = readAhead(objects, ({ size }) => size, open);
  const [first, large] = objects;
  if (!first || !large) throw new Error('no objects');
  await read(first);
  expect(opened).toEqual([0]);
  await read(large);
  expect(opened).toEqual([0, 1, 2]);
});

test('a failure is told to whoever asks for the object, and to nobody else', async () => {
  const { objects, open } = openings([1, 0, 1]);
  const read = readAhead(objects, ({ size }) => size, open);
  const [first, failing, last] = objects;
  if (!first || !failing || !last) throw new Error('no objects');
  expect(await text(await read(first))).toBe('content 0');
  await expect(read(failing)).rejects.toThrow('no 1');
  expect(await text(await read(last))).toBe('content 2');
});
