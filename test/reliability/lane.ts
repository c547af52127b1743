/** A process that takes cases through: forked by the harness, on the store that its environment names. */
import type { Case } from './case';
import { GROUPS } from './groups';
import type { Answer, Request, Told } from './lane-messages';
import { endOpenProcesses } from './open-processes';
import { withNotes } from './notes';

const known = new Map<string, Promise<Map<string, Case>>>();

function casesOf(group: string): Promise<Map<string, Case>> {
  const listed =
    known.get(group) ??
    (async () => {
      const found = GROUPS.find(({ name }) => name === group);
      if (!found) throw new Error(`there is no group "${group}"`);
      return new Map((await found.cases()).map((each) => [each.name, each]));
    })();
  known.set(group, listed);
  return listed;
}

async function answer(request: Request): Promise<Told> {
  const cases = await casesOf(request.group);
  if (request.kind === 'list') return { kind: 'listed', names: [...cases.keys()] };
  const found = cases.get(request.name);
  if (!found) throw new Error(`there is no case "${request.name}" in "${request.group}"`);
  const { result, notes } = await withNotes(found.run);
  return { kind: 'ran', differences: result, notes };
}

process.on('message', (request: Request) => {
  const tell = (told: Told): void => void process.send?.({ ...told, id: request.id } satisfies Answer);
  answer(request).then(tell, (error: unknown) =>
    tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => {
  void endOpenProcesses().finally(() => process.exit());
});
// The terminal's Ctrl-C reaches the lanes as well; the harness ends them.
process.on('SIGINT', () => undefined);
