import { runLandfall, startTestWorker, type TestWorker } from '../support/run-landfall';
import { createTestPipeline, type TestPipeline } from '../support/test-pipeline';

const optional = (name: string): string =>
  `${name}: table({ files: { required: false }, columns: { id: column.int64() } }),`;
const TABLES = `${optional('absent')}\n${optional('orders')}`;

let pipeline: TestPipeline;
let marked: TestPipeline;
let worker: TestWorker;
beforeAll(async () => {
  pipeline = await createTestPipeline({ tables: TABLES });
  marked = await createTestPipeline({ tables: TABLES, options: "complete: { marker: 'DONE' }," });
  worker = await startTestWorker([pipeline.module, marked.module]);
});
afterAll(async () => {
  await worker.stop();
  pipeline.remove();
  marked.remove();
});

const run = async (name: string): Promise<{ code: number | null; answer: Record<string, unknown> }> => {
  const { code, stdout } = await runLandfall(['run', name, '--json']);
  return { code, answer: JSON.parse(stdout) as Record<string, unknown> };
};

describe('an optional table with no files is never a silent success', () => {
  test('the other tables are taken all the same, and the answer counts its files: none', async () => {
    await pipeline.land('orders-data/data.csv', 'id\n1\n2\n');
    expect(await run(pipeline.name)).toMatchObject({
      code: 0,
      answer: {
        outcome: 'published',
        tables: [
          { table: 'absent', files: 0, landed: 0, published: 0 },
          { table: 'orders', files: 1, landed: 2, published: 2 },
        ],
      },
    });
    expect(await pipeline.list('land')).toEqual([]);
  });

  test('with no files of any table there is no success: nothing has landed', async () => {
    expect(await run(pipeline.name)).toMatchObject({ code: 7, answer: { outcome: 'nothing-landed' } });
  });

  test('a misspelt name is not taken for an absent table: the delivery is refused, and says which', async () => {
    await pipeline.land('absnt-data/data.csv', 'id\n3\n');
    await pipeline.land('orders-data/data.csv', 'id\n4\n');
    expect(await run(pipeline.name)).toMatchObject({
      code: 3,
      answer: {
        outcome: 'refused',
        refusal: { failedFiles: 1, checks: [{ check: 'belongs to a table', files: 1, first: 'data.csv' }] },
      },
    });
    expect(await pipeline.list('land')).toHaveLength(2);
  });

  test('a delivery that is declared complete with nothing in it is refused', async () => {
    await marked.land('DONE', '');
    expect(await run(marked.name)).toMatchObject({
      code: 3,
      answer: { error: { happened: expect.stringContaining('no file of any table') as string } },
    });
  });
});
