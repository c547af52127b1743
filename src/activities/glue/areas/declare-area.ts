import type {
  CatalogueColumn,
  CatalogueDatabase,
  CatalogueTable,
  TableStorage,
} from '../../../adapters/catalogue';
import type { AreaDatabase } from '../../../definition/area-databases';
import { glueType } from '../../../definition/column-type';
import { LAND_TIMESTAMP_GLUE_COLUMN, processedGlueColumns } from '../../../definition/glue-columns';
import type { Pipeline, Table } from '../../../definition/pipeline';
import { pipelinePrefix } from '../../../layout/object-keys';

const AREA_NAMES = { rawHist: 'raw-hist', processed: 'processed' } as const;

/** What Glue is to hold of an area's own folders. It follows from the code alone. */
export function declareArea(pipeline: Pipeline, { area, database, tables }: AreaDatabase): CatalogueDatabase {
  const description =
    area === 'rawHist'
      ? `Files of pipeline ${pipeline.name} as they landed`
      : `What pipeline ${pipeline.name} has processed, delivery by delivery`;
  return {
    ...{ name: database, description },
    tables: tables.map((table) => ({
      name: table.name,
      ...(table.description === undefined ? {} : { description: table.description }),
      partitionKeys: [LAND_TIMESTAMP_GLUE_COLUMN],
      location: `s3://${pipeline.areas[area]}/${pipelinePrefix(pipeline)}${table.folder}/`,
      ...(area === 'rawHist' ? asLanded(table) : asProcessed(pipeline, table)),
      parameters: {
        'landfall.pipeline': pipeline.name,
        'landfall.area': AREA_NAMES[area],
        ...(area === 'rawHist' ? headerParameters(table) : {}),
      },
    })),
  };
}

type Contents = Pick<CatalogueTable, 'columns'> & { storage: TableStorage };

/** Nothing is interpreted: of text every value is a string, whatever type it is declared to hold. */
function asLanded({ format, columns, header }: Table): Contents {
  const toColumn = (type: (column: (typeof columns)[number]) => string): CatalogueColumn[] =>
    columns.map((column) => ({
      ...{ name: column.name, type: type(column) },
      ...(column.description === undefined ? {} : { comment: column.description }),
    }));
  const texts = toColumn(() => 'string');
  if (format.name === 'csv') {
    const quote = format.quote === null ? {} : { quote: format.quote };
    return { columns: texts, storage: { name: 'csv', separator: format.delimiter, ...quote } };
  }
  if (format.name === 'parquet')
    return { columns: toColumn(({ type }) => glueType(type)), storage: { name: 'parquet' } };
  const isCaseExact = header.case === 'exact';
  const keys = columns
    .map((column) => [column.name, isCaseExact ? column.header : column.header.toLowerCase()] as const)
    .filter(([name, key]) => name !== key);
  return { columns: texts, storage: { name: 'json', keys: Object.fromEntries(keys), isCaseExact } };
}

const asProcessed = (pipeline: Pipeline, table: Table): Contents => ({
  columns: processedGlueColumns(pipeline, table),
  storage: { name: 'json', keys: {}, isCaseExact: true },
});

function headerParameters({ format }: Table): Record<string, string> {
  if (format.name !== 'csv') return {};
  const lines = format.skipLines + (format.header ? 1 : 0);
  return lines === 0 ? {} : { 'skip.header.line.count': String(lines) };
}
