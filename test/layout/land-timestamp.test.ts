import fc from 'fast-check';
import { chooseDelivery } from '../../src/layout/land-timestamp';
import { timestamps } from './arbitraries';

const landed = (key: string, lastModified: number, carriedTimestamp?: number) => ({
  key,
  lastModified,
  carriedTimestamp,
});

test('nothing landed is no delivery, whatever the trigger says', () => {
  expect(chooseDelivery([], undefined)).toBeUndefined();
  expect(chooseDelivery([], 1534968800)).toBeUndefined();
});

test('all that waits is taken together, as its newest upload time', () => {
  const objects = [landed('a', 1534968790), landed('b', 1534968800), landed('c', 1534968795)];

  expect(chooseDelivery(objects, undefined)).toEqual({
    fileLandTimestamp: 1534968800,
    given: undefined,
    objects,
  });
});

test('the trigger’s timestamp goes before the upload time', () => {
  expect(chooseDelivery([landed('a', 1534968800)], 1500000000)).toMatchObject({
    fileLandTimestamp: 1500000000,
    given: 'by trigger',
  });
});

test('keys that carry a timestamp go first: those of the earliest, and nothing else', () => {
  const early = [landed('a', 5, 1534968800), landed('b', 6, 1534968800)];

  expect(chooseDelivery([landed('later', 1, 1534978800), ...early, landed('plain', 2)], undefined)).toEqual({
    fileLandTimestamp: 1534968800,
    given: 'by keys',
    objects: early,
  });
});

test('of several carried timestamps the trigger chooses', () => {
  const objects = [landed('a', 5, 1534968800), landed('b', 6, 1534978800)];

  expect(chooseDelivery(objects, 1534978800)?.objects).toEqual([objects[1]]);
});

test('a trigger cannot give files another timestamp than their keys carry', () => {
  expect(chooseDelivery([landed('a', 5, 1534968800)], 1500000000)).toMatchObject({
    fileLandTimestamp: 1534968800,
    given: 'by keys',
  });
});

test('the same content gets the same timestamp, in whatever order it is listed, until nothing is left', () => {
  const objects = fc.array(
    fc.record({
      key: fc.string(),
      lastModified: timestamps,
      carriedTimestamp: fc.option(timestamps, { nil: undefined }),
    }),
  );
  fc.assert(
    fc.property(objects, (waiting) => {
      const forwards = chooseDelivery(waiting, undefined);
      const backwards = chooseDelivery([...waiting].reverse(), undefined);

      expect(backwards?.fileLandTimestamp).toBe(forwards?.fileLandTimestamp);
      expect(new Set(backwards?.objects)).toEqual(new Set(forwards?.objects));
      let left = waiting;
      while (left.length > 0) {
        const taken = chooseDelivery(left, undefined)?.objects ?? [];
        expect(taken).not.toEqual([]);
        left = left.filter((object) => !taken.includes(object));
      }
    }),
  );
});
