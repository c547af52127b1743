import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

export interface JournalEntry {
  group: string;
  name: string;
  differences: string[];
  notes: string[];
  /** Of the sources that it ran over. */
  commit: string;
}

/** What was done before, so that the whole can be stopped and gone on with. */
export class Journal {
  private readonly done = new Map<string, JournalEntry>();

  constructor(
    private readonly file: string,
    resume: boolean,
  ) {
    mkdirSync(dirname(file), { recursive: true });
    if (!resume) rmSync(file, { force: true });
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const entry = parseEntry(line);
      if (entry) this.done.set(keyOf(entry), entry);
    }
  }

  find(group: string, name: string): JournalEntry | undefined {
    return this.done.get(keyOf({ group, name }));
  }

  add(entry: JournalEntry): void {
    this.done.set(keyOf(entry), entry);
    appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
  }
}

const keyOf = ({ group, name }: Pick<JournalEntry, 'group' | 'name'>): string => `${group}: ${name}`;

/** A line that a kill has cut off is of a case that is run again. */
function parseEntry(line: string): JournalEntry | undefined {
  try {
    return JSON.parse(line) as JournalEntry;
  } catch {
    return undefined;
  }
}
