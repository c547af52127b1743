import { column, table } from 'landfall';

const columns = { case_id: column.int64(), name: column.string() };

export const sortedByWhatIsProcessed = table({
  columns,
  curated: {
    transform: {
      columns: { initial: column.string() },
      apply: ({ frame, columns: { name }, added }) =>
        frame.select(name.str.slice(0, 1).alias('initial'), ...added),
    },
    // expect: Type '"name"' is not assignable to type '"initial"'.
    sortBy: ['name'],
  },
});

export const misspelt = table({
  columns,
  curated: {
    transform: {
      columns: { case_id: column.int64() },
      // expect: Property 'caseid' does not exist on type
      apply: ({ frame, columns: { caseid }, added }) => frame.select(caseid, ...added),
    },
  },
});

export const ofWhatLanded = table({
  columns,
  transform: {
    columns: { case_id: column.int64() },
    apply: ({ frame, columns: { case_id } }) => frame.select(case_id),
  },
  curated: {
    transform: {
      columns: { name: column.string() },
      // expect: Property 'name' does not exist on type
      apply: ({ frame, columns: { name }, added }) => frame.select(name, ...added),
    },
  },
});

export const fromNowhere = table({
  columns,
  // expect: Type '"raw"' is not assignable to type '"processed" | "raw-hist" | undefined'.
  curated: { source: 'raw' },
});
