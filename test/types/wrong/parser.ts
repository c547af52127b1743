import { column, table, type Parse } from 'landfall';

const columns = { id: column.int64(), note: column.string().nullable() };

export const yieldsUnknown = table({
  columns: { id: column.int64(), note: column.string().nullable() },
  format: {
    endings: ['.dat'],
    parse: async function* (_bytes, { row }) {
      // expect: 'nte' does not exist in type
      yield row({ id: '1', note: null, nte: 'x' });
    },
  },
});

export const leavesOne = table({
  format: {
    endings: ['.dat'],
    parse: async function* (_bytes, { row }) {
      // expect: Property 'note' is missing
      yield row({ id: '1' });
    },
  },
  columns,
});

export const converts = table({
  columns,
  format: {
    endings: ['.dat'],
    parse: async function* (_bytes, { row }) {
      // expect: Type 'number' is not assignable to type 'string'.
      yield row({ id: 1, note: null });
    },
  },
});

export const yieldsPlainObjects = table({
  columns,
  format: {
    endings: ['.dat'],
    // expect: is not assignable to type 'Parse
    parse: async function* () {
      yield { id: '1', note: null };
    },
  },
});

const parse: Parse<{ other: typeof columns.id }> = async function* (_bytes, { row }) {
  yield row({ other: '1' });
};

export const ofAnotherTable = table({
  columns,
  // expect: is not assignable to type 'Parse
  format: { endings: ['.dat'], parse },
});

export const withoutEndings = table({
  columns,
  // expect: Property 'endings' is missing
  format: {
    parse: async function* (_bytes, { row }) {
      yield row({ id: '1', note: null });
    },
  },
});
