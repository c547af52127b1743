import { isDeepStrictEqual } from 'node:util';
import type { Column, Table, TableInput } from '@aws-sdk/client-glue';
import { expectAnswered } from './aws-answers';
import type { CatalogueColumn, CatalogueTable } from './catalogue';
import { toStorageFormat } from './glue-storage';

export type NamedTableInput = TableInput & { Name: string };

export const nameOf = (table: Table): string => expectAnswered(table.Name, 'a table name');

export function toTableInput(table: CatalogueTable): NamedTableInput {
  const { classification, ...format } = toStorageFormat(table.storage ?? { name: 'parquet' });
  return {
    Name: table.name,
    // Always there: an update that left it out would keep an earlier one in some catalogues.
    Description: table.description ?? '',
    TableType: 'EXTERNAL_TABLE',
    Parameters: { ...table.parameters, classification },
    PartitionKeys: table.partitionKeys.map(toGlueColumn),
    StorageDescriptor: { Columns: table.columns.map(toGlueColumn), Location: table.location, ...format },
  };
}

export function fromGlueTable(table: Table): CatalogueTable {
  const { classification: _ownParameter, ...parameters } = table.Parameters ?? {};
  return {
    name: nameOf(table),
    ...(table.Description && { description: table.Description }),
    columns: (table.StorageDescriptor?.Columns ?? []).map(fromGlueColumn),
    partitionKeys: (table.PartitionKeys ?? []).map(fromGlueColumn),
    location: table.StorageDescriptor?.Location ?? '',
    parameters,
  };
}

/** Whether all that a declaration says of a table is there; what Glue adds by itself does not count. */
export function isAsDeclared(existing: Table, declared: TableInput): boolean {
  const { InputFormat, OutputFormat, SerdeInfo } = existing.StorageDescriptor ?? {};
  const { SerializationLibrary, Parameters } = SerdeInfo ?? {};
  const read = toTableInput(fromGlueTable(existing));
  const format = { InputFormat, OutputFormat, SerdeInfo: { SerializationLibrary, Parameters } };
  const StorageDescriptor = { ...read.StorageDescriptor, ...format };
  const { TableType } = existing;
  return isDeepStrictEqual(
    { ...read, TableType, Parameters: existing.Parameters, StorageDescriptor },
    declared,
  );
}

const toGlueColumn = ({ name, type, comment }: CatalogueColumn): Column => ({
  Name: name,
  Type: type,
  ...(comment && { Comment: comment }),
});

const fromGlueColumn = ({ Name, Type, Comment }: Column): CatalogueColumn => ({
  name: expectAnswered(Name, 'a column name'),
  type: expectAnswered(Type, 'a column type'),
  ...(Comment && { comment: Comment }),
});
