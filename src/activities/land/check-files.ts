import type { Amount } from '../../layout/delivery';
import { recordBatch, type BatchInput } from '../batch';
import { taskOptions } from '../context';
import type { Dependencies } from '../dependencies';
import type { CheckedFile } from '../records';

/** F1: reads each file of a batch once, hashes the bytes it checks, and changes nothing. */
export const checkFiles =
  (dependencies: Dependencies) =>
  (input: BatchInput): Promise<Amount> =>
    recordBatch<CheckedFile>(
      dependencies,
      input,
      'check',
      async (file, pipeline) => {
        const { key, versionId, etag, size } = file;
        const source = {
          bucket: pipeline.areas.land,
          key,
          etag,
          size,
          ...(versionId === undefined ? {} : { versionId }),
        };
        const task = { pipeline: pipeline.name, table: file.table, source };
        const { sha256, rows, rejected, findings, tolerated } = await dependencies.engine.checkFile(
          task,
          taskOptions(),
        );
        return {
          ...file,
          sha256,
          rows,
          rejected,
          findings: findings.map((finding) => ({ ...finding, table: file.table, file: key })),
          tolerated,
        };
      },
      ({ rows, size }) => ({ rows, bytes: size }),
    );
