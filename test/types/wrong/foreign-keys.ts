import { column, definePipeline, table } from 'landfall';

const common = {
  name: 'x',
  database: 'x',
  environment: 'x',
  areas: { land: 'l-a', rawHist: 'l-b', processed: 'l-c', curated: 'l-d', log: 'l-e' },
};
const courts = table({
  columns: { court_id: column.int64(), name: column.string() },
  transform: {
    columns: { court_id: column.int64() },
    apply: ({ frame, columns }) => frame.select(columns.court_id),
  },
});

export const misspeltColumn = table({
  columns: { court_id: column.int64() },
  foreignKeys: [
    // expect: Type '"courtid"' is not assignable to type '"court_id"'.
    { columns: ['courtid'], references: { table: 'courts', columns: ['court_id'] }, in: 'delivery' },
  ],
});

export const nowhere = table({
  columns: { court_id: column.int64() },
  foreignKeys: [
    // expect: Type '"somewhere"' is not assignable to type 'ReferenceScope'.
    { columns: ['court_id'], references: { table: 'courts', columns: ['court_id'] }, in: 'somewhere' },
  ],
});

export const noSuchTable = definePipeline({
  ...common,
  tables: {
    courts,
    // expect: there is no table 'court' to reference
    cases: table({
      columns: { court_id: column.int64() },
      foreignKeys: [
        { columns: ['court_id'], references: { table: 'court', columns: ['court_id'] }, in: 'delivery' },
      ],
    }),
  },
});

export const noSuchColumn = definePipeline({
  ...common,
  tables: {
    courts,
    // expect: there is no column 'id' to reference
    cases: table({
      columns: { court_id: column.int64() },
      foreignKeys: [
        { columns: ['court_id'], references: { table: 'courts', columns: ['id'] }, in: 'delivery' },
      ],
    }),
  },
});

export const notPublished = definePipeline({
  ...common,
  tables: {
    courts,
    // expect: there is no column 'name' to reference
    cases: table({
      columns: { court: column.string() },
      foreignKeys: [{ columns: ['court'], references: { table: 'courts', columns: ['name'] }, in: 'either' }],
    }),
  },
});

export const otherType = definePipeline({
  ...common,
  tables: {
    courts,
    // expect: column 'court_id' has another type than the 'court_id' it references
    cases: table({
      columns: { court_id: column.string() },
      foreignKeys: [
        { columns: ['court_id'], references: { table: 'courts', columns: ['court_id'] }, in: 'published' },
      ],
    }),
  },
});

export const fewerColumns = definePipeline({
  ...common,
  tables: {
    courts,
    // expect: a foreign key references fewer columns than it has
    cases: table({
      columns: { court_id: column.int64(), name: column.string() },
      foreignKeys: [
        {
          columns: ['court_id', 'name'],
          references: { table: 'courts', columns: ['court_id'] },
          in: 'delivery',
        },
      ],
    }),
  },
});
