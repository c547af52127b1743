export { column, columnsOf, type ColumnOptions, type Columns } from './definition/column';
export {
  definePipeline,
  type AreaBuckets,
  type Pipeline,
  type PipelineDefinition,
} from './definition/define-pipeline';
export { csv, json, jsonLines, type Format } from './definition/format';
export { table, type CheckedTable, type TableDefinition } from './definition/table';
export type { Transform, TransformContext, TransformInput } from './definition/transform';
export { LandfallClient } from './connect-client';
export { createLandfallWorker } from './create-worker';
export type { LandfallWorker, LandfallWorkerOptions } from './worker';
export { DefinitionError, DeliveryRefusedError, LandfallError, SetupError, UsageError } from './errors';
export { RunFailedError, type FailedOutcome } from './run-failed-error';
export type { RunSummary } from './run-summary';
export type { RunOutcome, RunResult, TableResult } from './layout/delivery';
export type { TakeDeliveryRequest, TakenDelivery } from './workflows/intake';
export type { RunProgress, StageProgress } from './workflows/run-progress';
