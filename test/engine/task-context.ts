import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import type { ObjectLocation } from '../../src/adapters/object-store';
import type { TableDefinition } from '../../src/definition/table';
import { table } from '../../src/definition/table';
import { definePipeline } from '../../src/definition/define-pipeline';
import type { Columns } from '../../src/definition/column';
import { checkFile } from '../../src/engine/check-file';
import type { TaskContext } from '../../src/engine/task-context';
import type {
  CheckFileResult,
  ProcessedObject,
  TransformFileResult,
  TransformFileTask,
} from '../../src/engine/tasks';
import { inTempPlace } from '../../src/engine/temp-place';
import { transformFile } from '../../src/engine/transform-file';
import type { TransformLogLine } from '../../src/engine/transform-log';
import { createBucket, land, must, readBytes } from '../adapters/test-buckets';

export const store = createS3ObjectStore();

/** A pipeline of one table, `rows`; tasks are told their buckets, so that those of the areas need not be there. */
export function pipelineOf<C extends Columns, O extends Columns = C>(definition: TableDefinition<C, O>) {
  return definePipeline({
    name: 'things',
    database: 'things',
    environment: 'test',
    sourceFileColumn: false,
    areas: {
      land: 'land',
      rawHist: 'raw-hist',
      processed: 'processed',
      curated: 'curated',
      rejects: 'rejects',
      log: 'log',
    },
    tables: { rows: table(definition as never) },
  });
}

/** Runs tasks in this process, against the real store, and looks that none leaves a file behind. */
export class Tasks<C extends Columns, O extends Columns = C> {
  /** What transforms had for the log. */
  readonly logged: TransformLogLine[] = [];

  private constructor(
    readonly bucket: string,
    private readonly definition: TableDefinition<C, O>,
  ) {}

  static async of<C extends Columns, O extends Columns = C>(
    definition: TableDefinition<C, O>,
  ): Promise<Tasks<C, O>> {
    return new Tasks(await createBucket('engine'), definition);
  }

  withContext<R>(perform: (context: TaskContext) => Promise<R>): Promise<R> {
    const pipelines = [pipelineOf(this.definition)];
    const onLog = (line: TransformLogLine) => this.logged.push(line);
    return inTempPlace(join(tmpdir(), 'landfall-test-'), (place) =>
      perform({ store, pipelines, ...place, onProgress: () => undefined, onLog }),
    );
  }

  async check(body: Buffer | string, name = 'rows.csv'): Promise<CheckFileResult> {
    const source = await land(store, { bucket: this.bucket, key: `land/${name}` }, body);
    return this.withContext((context) => checkFile({ pipeline: 'things', table: 'rows', source }, context));
  }

  /** Checks and transforms, as a run does. */
  async transform(
    body: Buffer | string,
    change: Partial<TransformFileTask> = {},
    name = 'rows.csv',
  ): Promise<TransformFileResult & Omit<ProcessedObject, 'key'> & { lines: string; target: ObjectLocation }> {
    const { sha256 } = await this.check(body, name);
    const source = await land(store, { bucket: this.bucket, key: `raw/${name}` }, body);
    const task: TransformFileTask = {
      pipeline: 'things',
      table: 'rows',
      source,
      sha256,
      target: { bucket: this.bucket, key: 'processed/rows.jsonl.gz' },
      fileName: name,
      fileLandTimestamp: 1534968800,
      version: 'v1.2.3',
      ...change,
    };
    const result = await this.withContext((context) => transformFile(task, context));
    return {
      ...result,
      ...must(result.objects[0]),
      target: task.target,
      lines: gunzipSync(await readBytes(store, task.target)).toString('utf8'),
    };
  }
}

export const temporaryFolders = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith(`landfall-engine-${process.pid}-`));
