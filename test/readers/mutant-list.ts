import type { Mutant } from '../reliability/mutant';
import type { Fault } from './judge';

const CHANGES = 'src/adapters/glue-changes.ts';
const UPDATE =
  'await sendUnlessOvertaken(`The table ${name}.${table.Name}`, () => glue.send(update, http));\n}\n\nexport async function dropTables(';
const AFTER = '\n}\n\nexport async function dropTables(';

/** Publishing done in a way that readers must notice. */
export const MUTANTS: readonly (Mutant & { caughtBy: Fault })[] = [
  {
    guard: 'a table that stays is moved, not dropped and made again',
    file: CHANGES,
    from: UPDATE,
    to: `await dropTables({ glue, name, http }, [table.Name ?? '']);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await createTable({ glue, name, http }, table);
  void update;${AFTER}`,
    caughtBy: 'missing',
    isBuilt: true,
  },
  {
    guard: 'location and columns move in one call',
    file: CHANGES,
    from: UPDATE,
    to: `const { Table } = await glue.send(new (require('@aws-sdk/client-glue').GetTableCommand)({ DatabaseName: name, Name: table.Name }), http);
  const Columns = Table?.StorageDescriptor?.Columns;
  await glue.send(new UpdateTableCommand({ DatabaseName: name, SkipArchive: true, VersionId,
    TableInput: { ...table, StorageDescriptor: { ...table.StorageDescriptor, Columns } } }), http);
  await new Promise((resolve) => setTimeout(resolve, 4000));
  await glue.send(new UpdateTableCommand({ DatabaseName: name, SkipArchive: true, TableInput: table }), http);
  void update;${AFTER}`,
    caughtBy: 'mixed',
    isBuilt: true,
  },
  {
    guard: 'a table shows the files of one snapshot',
    file: 'src/activities/glue/declare-database.ts',
    from: '${snapshotPrefix(pipeline, table.name, snapshot)}`;',
    to: "${snapshotPrefix(pipeline, table.name, snapshot).replace(/snapshot=.*$/, '')}`;",
    caughtBy: 'doubled',
    isBuilt: true,
  },
  {
    guard: 'a publish has all that was processed, not this delivery alone',
    file: 'src/activities/curated/plan-parts.ts',
    from: 'const parts = cut(deliveries,',
    to: 'const parts = cut(deliveries.slice(-1),',
    caughtBy: 'lost',
    isBuilt: true,
  },
];
