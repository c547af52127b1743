import fc from 'fast-check';
import type { CaseGroup } from './case';
import { readCommit, recordFigures } from './figures';
import { GROUPS } from './groups';
import { Journal, type JournalEntry } from './journal';
import { Lanes, type CaseResult } from './lanes';
import type { Stores } from './stores';

const TELL_EVERY_MS = 60_000;
const MOST_TOLD = 10;
/** After as many the emulator takes three times as long for each. */
const CASES_AN_EMULATOR = 400;

export interface Selection {
  quick: boolean;
  seed: number;
  /** Parts of the groups' names; none for all. */
  only: readonly string[];
  /** Part of the names of the cases that are to run; all where there is none. */
  part: string | undefined;
  /** Ends a group with its first difference, and records no figures. */
  untilFailure: boolean;
}

/** Only what has run whole has figures to record. */
export const isWhole = ({ quick, part, untilFailure }: Selection): boolean =>
  !quick && part === undefined && !untilFailure;

export interface GroupResult {
  group: string;
  cases: number;
  differences: number;
  skipped?: string;
}

interface Surroundings {
  stores: Stores;
  versions: Record<string, string>;
  say: (words: string) => void;
  /** The file that says what was done. */
  journal: string;
  resume: boolean;
  /** Whether the run is given up: what comes of it from then on is not recorded. */
  isOver: () => boolean;
}

/** As many as asked for, in an order that the seed chooses, so that a failure is come upon soon. */
function select(names: readonly string[], most: number, seed: number): readonly string[] {
  const order = fc.shuffledSubarray([...names], { minLength: names.length });
  return fc.sample(order, { seed, numRuns: 1 }).flatMap((shuffled) => shuffled.slice(0, most));
}

/** Takes the chosen cases of every group through, several at once, but for those that the journal knows. */
export async function runGroups(
  selection: Selection,
  { stores, versions, say, isOver, ...journaled }: Surroundings,
): Promise<GroupResult[]> {
  const { quick, only, part, seed, untilFailure } = selection;
  const isRecorded = isWhole(selection);
  const journal = new Journal(journaled.journal, journaled.resume);
  const results: GroupResult[] = [];
  const order = GROUPS.map(({ name }) => name);
  for (const group of GROUPS) {
    if ((only.length > 0 && !only.some((part) => group.name.includes(part))) || (quick && group.quick === 0))
      continue;
    await stores.keepOnly(group.on);
    const lanes = await stores.lanesOn(group.on);
    const date = new Date().toISOString();
    const about = { group: group.name, on: group.on, seed, date, versions };
    if (!(lanes instanceof Lanes)) {
      say(`left out ${group.name}: ${lanes.why}`);
      results.push({ group: group.name, cases: 0, differences: 0, skipped: lanes.why });
      if (isRecorded)
        recordFigures(
          { ...about, skipped: lanes.why, cases: 0, differences: 0, notes: [], commits: [] },
          order,
        );
      continue;
    }
    const names = await lanes.listCases(group).catch((error: unknown) => String(error));
    if (typeof names === 'string') {
      // Not even the undisturbed run, from which the cases are found, comes to its end.
      say(`FAILED ${group.name}: ${names}`);
      results.push({ group: group.name, cases: 0, differences: 1 });
      continue;
    }
    const wanted = names.filter((name) => part === undefined || name.includes(part));
    const chosen = select(wanted, quick ? group.quick : names.length, seed);
    const entries = await runGroup(group, chosen, { lanes, stores, journal, say, isOver, untilFailure });
    if (isOver()) return results;
    const differences = entries.flatMap((entry) => entry.differences.map((each) => `${entry.name}: ${each}`));
    // Of many cases they would be a list of their own: the journal has it.
    const notes = entries.length === 1 ? entries.flatMap((entry) => entry.notes) : [];
    const verdict = differences.length === 0 ? 'ok    ' : 'FAILED';
    const seconds = Math.round((Date.now() - Date.parse(date)) / 1000);
    say(
      `${verdict} ${group.name}: ${entries.length} of ${names.length} cases, ${differences.length} differences (${seconds} s)`,
    );
    for (const each of [...notes, ...differences.slice(0, MOST_TOLD)]) say(`    ${each}`);
    results.push({ group: group.name, cases: entries.length, differences: differences.length });
    const commits = [...new Set(entries.map(({ commit }) => commit))];
    if (isRecorded)
      recordFigures(
        { ...about, cases: entries.length, differences: differences.length, notes, commits },
        order,
      );
  }
  return results;
}

async function runGroup(
  group: CaseGroup,
  chosen: readonly string[],
  {
    lanes,
    stores,
    journal,
    say,
    isOver,
    untilFailure,
  }: Pick<Surroundings, 'say' | 'isOver' | 'stores'> & {
    lanes: Lanes;
    journal: Journal;
    untilFailure: boolean;
  },
): Promise<JournalEntry[]> {
  const commit = readCommit();
  const known = chosen.map((name) => journal.find(group.name, name)).filter((entry) => entry !== undefined);
  const entries = [...known];
  const rest = chosen.filter((name) => !journal.find(group.name, name));
  let told = Date.now();
  const state = { isEnough: false };
  const enough = (): 'enough' => {
    state.isEnough = true;
    return 'enough';
  };
  const onResult = ({ name, differences, notes, seconds }: CaseResult): 'go on' | 'enough' => {
    if (isOver()) return enough();
    const entry: JournalEntry = { group: group.name, name, differences, notes, commit };
    journal.add(entry);
    entries.push(entry);
    for (const each of differences.slice(0, 1)) say(`       ${group.name}: ${name}: ${each}`);
    if (Date.now() - told > TELL_EVERY_MS) {
      told = Date.now();
      say(`       ${group.name}: ${entries.length} of ${chosen.length}, the last in ${seconds} s`);
    }
    return untilFailure && differences.length > 0 ? enough() : 'go on';
  };
  const isOn = (place: number): boolean => place < rest.length && !state.isEnough;
  for (let first = 0, open: Lanes | { why: string } = lanes; isOn(first);) {
    if (!(open instanceof Lanes)) throw new Error(open.why);
    await open.runCases(group, rest.slice(first, (first += CASES_AN_EMULATOR)), onResult);
    if (isOn(first)) open = await stores.renew(group.on);
  }
  return entries;
}
