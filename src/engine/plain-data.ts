const MOST_CHARACTERS = 200;
const MOST_VALUES = 100;
const DEEPEST = 4;
const CUT = '…';

export const shorten = (text: string, most = MOST_CHARACTERS): string =>
  text.length <= most ? text : `${text.slice(0, most)}${CUT}`;

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};

/** Copies values until there are too many; asks none for anything but its own properties. */
class Copier {
  private left = MOST_VALUES;

  copy(value: unknown, depth: number): unknown {
    this.left -= 1;
    switch (typeof value) {
      case 'string':
        return shorten(value);
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'boolean':
        return value;
      case 'bigint':
        return shorten(String(value));
      case 'object':
        return value === null ? null : this.copyObject(value, depth);
      default:
        return `[${typeof value}]`;
    }
  }

  private copyObject(value: object, depth: number): unknown {
    if (value instanceof Error) return shorten(String(value));
    if (value instanceof Date) return String(value.getTime());
    const isList = Array.isArray(value);
    if (!isList && !isPlain(value)) return '[object]';
    if (depth === DEEPEST) return CUT;
    if (isList)
      return Array.from({ length: Math.min(value.length, MOST_VALUES) }, (_, place) =>
        this.left > 0 ? this.copy(value[place], depth + 1) : undefined,
      ).filter((each) => each !== undefined);
    const copied: [string, unknown][] = [];
    for (const key in value) {
      if (this.left <= 0) break;
      copied.push([shorten(key), this.copy((value as Record<string, unknown>)[key], depth + 1)]);
    }
    return Object.fromEntries(copied);
  }
}

/** A small copy of whatever it is given that is JSON for certain: long texts are cut, and what is no data is named. */
export function toPlainData(value: unknown): unknown {
  try {
    return new Copier().copy(value, 0);
  } catch {
    // A getter of it, or a proxy, threw.
    return '[unreadable]';
  }
}
