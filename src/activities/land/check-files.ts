import type { Amount } from '../../layout/delivery';
import { recordBatch, type BatchInput } from '../batch';
import { taskOptions } from '../context';
import type { Dependencies } from '../dependencies';
import type { CheckedFile } from '../records';
import { sourceOf } from './source-of';
import { compareWithListing } from './compare-with-listing';

/** F1: reads each file of a batch once, hashes the bytes it checks, and changes nothing. */
export const checkFiles =
  (dependencies: Dependencies) =>
  (input: BatchInput): Promise<Amount> =>
    recordBatch<CheckedFile>(
      dependencies,
      input,
      'check',
      async (file, pipeline, { accepted }) => {
        const rejectsAccepted = accepted !== undefined;
        const { key } = file;
        const source = { ...sourceOf(pipeline, file), fileName: file.fileName };
        const md5 = file.listed?.md5 !== undefined;
        const task = { pipeline: pipeline.name, table: file.table, source, md5, rejectsAccepted };
        const checked = await dependencies.engine.checkFile(task, taskOptions());
        const { sha256, rows, rejected, findings, moreFindings, tolerated, moreTolerated } = checked;
        return {
          ...file,
          sha256,
          rows,
          rejected,
          findings: [
            ...findings.map((finding) => ({ ...finding, table: file.table, file: key })),
            ...compareWithListing(file, checked),
          ],
          moreFindings,
          tolerated,
          moreTolerated,
        };
      },
      ({ rows, size }) => ({ rows, bytes: size }),
    );
