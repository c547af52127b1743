export type { ArchiveDefinition, AreaDefinition, AreaDefinitions, KmsEncryption } from './definition/area';
export type { CompletenessDefinition, ManifestFields, SupplierManifest } from './definition/completeness';
export { column, columnsOf, type ColumnOptions, type Columns } from './definition/column';
export { definePipeline, type PipelineDefinition } from './definition/define-pipeline';
export {
  derivedTable,
  type CheckedDerivedTable,
  type DerivedTableDefinition,
} from './definition/derived-table';
export type {
  Compression,
  CurationContext,
  CurationDefinition,
  CurationInput,
  CurationTransform,
} from './definition/curation';
export type { CustomFormat, Parse, ParsedRecord, ParserContext, RowTexts } from './definition/custom-format';
export {
  csv,
  fixedWidth,
  json,
  jsonLines,
  parquet,
  type CsvOptions,
  type FixedWidthOptions,
  type Format,
} from './definition/format';
export type { FixedField, FixedFields, FixedTrim } from './definition/fixed-width';
export type { AreaBuckets, Pipeline } from './definition/pipeline';
export type { Row, RowCheck } from './definition/row-check';
export type { ReaderCheckDefinition } from './definition/reader-check';
export type { ForeignKey, ReferenceScope } from './definition/foreign-key';
export type { HeaderPolicy } from './definition/header-policy';
export { tableFromMetadata, type MetadataOptions } from './definition/table-from-metadata';
export { table, type CheckedTable, type TableDefinition } from './definition/table';
export type {
  FrameTransform,
  RowTransform,
  Transform,
  TransformContext,
  TransformInput,
  TransformLog,
  TransformedFrame,
} from './definition/transform';
export type { Every, TriggersDefinition } from './definition/triggers';
export type { DeliveryVolumes, HistoryBound, HistoryDefinition } from './definition/volumes';
export { LandfallClient } from './connect-client';
export { createLandfallWorker } from './create-worker';
export type { LandfallWorker, LandfallWorkerOptions } from './worker';
export { DefinitionError, DeliveryRefusedError, LandfallError, SetupError, UsageError } from './errors';
export { RunFailedError, type FailedOutcome } from './run-failed-error';
export type { RunSummary } from './run-summary';
export type { DerivedResult, RunOutcome, RunResult, TableResult } from './layout/delivery';
export type { TakeDeliveryRequest, TakenDelivery } from './workflows/intake-messages';
export type { RunProgress, StageProgress } from './workflows/run-progress';
