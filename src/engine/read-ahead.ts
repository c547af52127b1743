import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

const OBJECTS_AHEAD = 4;
// Of larger ones the round trip is little, and a connection that nobody reads from is cut.
const SMALL_BYTES = 1024 * 1024;

type Open<T, R extends Readable | undefined> = (object: T) => Promise<R>;

/**
 * Reads small objects before they are asked for, since each costs a round trip. A failure is told to whoever asks for
 * the object.
 *
 * @param upcoming in the order in which they will be asked for
 * @param bytesOf how many bytes one has, or more
 * @returns opens one of them, once
 */
export function readAhead<T extends object, R extends Readable | undefined>(
  upcoming: readonly T[],
  bytesOf: (object: T) => number,
  open: Open<T, R>,
): Open<T, R | Readable> {
  const read = new Map<T, Promise<R | Readable>>();
  const readWhole: Open<T, R | Readable> = async (object) => {
    const body = await open(object);
    return body && Readable.from([await buffer(body)], { objectMode: false });
  };
  let next = 0;
  return (object) => {
    const found = read.get(object) ?? open(object);
    read.delete(object);
    next = Math.max(next, upcoming.indexOf(object, next) + 1);
    while (read.size < OBJECTS_AHEAD) {
      const upNext = upcoming[next];
      if (upNext === undefined || bytesOf(upNext) > SMALL_BYTES) break;
      next += 1;
      const reading = readWhole(upNext);
      // Its reader may never come.
      reading.catch(() => undefined);
      read.set(upNext, reading);
    }
    return found;
  };
}
