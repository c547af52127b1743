/** Values that must come out nowhere, and a search for them in whatever a run leaves behind. */
export class PlantedValues {
  private readonly planted: string[] = [];

  /** A text that nothing else has. */
  text(length = 12): string {
    const value = `Zq${String(this.planted.length + 10)}${'xvkwj'.repeat(length)}`.slice(0, length);
    return this.plant(value);
  }

  /** Digits that neither times nor hashes have. */
  digits(length = 15): string {
    return this.plant(`7319${String(this.planted.length + 10)}864208642086420864`.slice(0, length));
  }

  plant(value: string): string {
    this.planted.push(value);
    return value;
  }

  get count(): number {
    return this.planted.length;
  }

  /** Those that a text has, in whatever case. */
  foundIn(text: string): string[] {
    const lower = text.toLowerCase();
    return this.planted.filter((value) => lower.includes(value.toLowerCase()));
  }
}

/** All texts of a structure; bytes as the text that they hold, as Temporal's payloads are. */
export function allTextOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, each]) => `${key} ${allTextOf(each)}`)
    .join('\n');
}
