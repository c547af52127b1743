import { DefinitionError } from '../errors';
import type { ColumnTypeName } from './column-type';
import type { Column } from './read-column';

// What Athena and Trino can both work out the folders of by themselves: Trino takes no range beyond 32 bits.
const TYPES: readonly ColumnTypeName[] = ['string', 'date', 'int32'];

/** How the table's options are named, and what makes its columns. */
interface Words {
  option: string;
  sortBy: string;
  columns: string;
  maker: string;
}
const OF_CURATED: Words = {
  ...{ option: 'curated.partitionBy', sortBy: 'curated.sortBy', columns: 'curated columns' },
  maker: 'curated.transform',
};

/**
 * Reads the columns that a table of the published database has folders for.
 * @throws DefinitionError where their values cannot be folders
 */
export function readPartitionBy(
  where: string,
  names: readonly string[],
  columns: readonly Column[],
  sortBy: readonly string[],
  words = OF_CURATED,
): readonly string[] {
  for (const [place, name] of names.entries()) {
    const problem = whyNot(name, { names: names.slice(0, place), columns, sortBy }, words);
    if (problem) throw new DefinitionError({ ...problem, happened: `${where}: ${problem.happened}` });
  }
  if (names.length > 0 && names.length === columns.length)
    throw new DefinitionError({
      happened: `${where}: ${words.option} names all columns, so that its files would have none.`,
      next: 'Leave at least one column to the files.',
    });
  return names;
}

function whyNot(
  name: string,
  {
    names,
    columns,
    sortBy,
  }: { names: readonly string[]; columns: readonly Column[]; sortBy: readonly string[] },
  words: Words,
): { happened: string; next: string } | undefined {
  const column = columns.find((each) => each.name === name);
  const said = `${words.option} names "${name}"`;
  if (!column)
    return {
      happened: `${said}, which is not one of its ${words.columns}.`,
      next: `Name one of: ${columns.map((each) => each.name).join(', ')}.${words === OF_CURATED ? ' By file_land_timestamp files are apart already.' : ''}`,
    };
  if (names.includes(name)) return { happened: `${said} twice.`, next: 'Name it once.' };
  if (sortBy.includes(name))
    return {
      happened: `${said}, and so does ${words.sortBy}.`,
      next: 'Within a folder all rows have the same value: leave it out of sortBy.',
    };
  if (column.nullable)
    return {
      happened: `${said}, which is nullable: there is no folder for a null.`,
      next: `Give the column a value for what is not known, in ${words.maker}, and declare it without .nullable().`,
    };
  if (column.sensitive)
    return {
      happened: `${said}, which is sensitive: its values would be in the names of folders, in Glue and in logs.`,
      next: 'Partition by another column.',
    };
  if (!TYPES.includes(column.type.name))
    return {
      happened: `${said}, which is of the type ${column.type.name}.`,
      next: `Folders are made of the types ${TYPES.join(', ')}: make one in ${words.maker}, such as the year of a date as int32.`,
    };
  return undefined;
}
