import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { LandfallChain, type ChainRun } from '../contestants/landfall-chain';
import { casesFile, casesFolder } from '../generate-cases';
import { explainRun } from '../explain-run';
import { joinContestants, type Candidate } from '../join-contestants';
import type { Line, Place } from '../line';
import { measureCommand, type Sample } from '../measure';
import { findPeersPython, peerScript, type PythonEnvironment } from '../python-environments';

type Files = Parameters<LandfallChain['land']>[0];

/** With a new pipeline each time: one that has run would curate the rows of earlier runs too. */
async function runChain(files: Files, rows: number): Promise<ChainRun & { explained: string[] }> {
  const chain = await LandfallChain.start();
  try {
    // The peers' clocks start behind their imports.
    await deliver(chain, WARM_UP);
    await chain.land(files);
    const run = await chain.run(rows);
    return { ...run, explained: await explainRun(chain.name, run.fileLandTimestamp) };
  } finally {
    await chain.stop();
  }
}

/** A script that does the whole chain; it tells itself how long that took, without starting Python. */
const chainScript =
  (environment: PythonEnvironment, script: string, { scale, workFolder }: Place): Candidate['join'] =>
  async () => {
    const python = await findPeersPython(environment);
    const path = peerScript(script);
    const cwd = join(workFolder, basename(script));
    await mkdir(cwd);
    const variables = {
      BENCH_ROWS: String(scale.rows),
      AWS_DEFAULT_REGION: process.env['AWS_REGION'],
      DAGSTER_HOME: cwd,
      AIRFLOW_HOME: cwd,
      AIRFLOW__CORE__DAGS_FOLDER: dirname(path),
      AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    };
    const options = { cwd, environment: variables };
    if (environment === 'airflow') await measureCommand(python, ['-m', 'airflow', 'db', 'migrate'], options);
    return async () => {
      const { answer, ...sample } = await measureCommand(python, [path], options);
      return { ...sample, ...(JSON.parse(answer) as Pick<Sample, 'seconds' | 'outputBytes'>) };
    };
  };

const chain: Line = {
  id: 'chain',
  title: 'whole chain, land to Glue, through the emulator (and Temporal)',
  async prepare(place) {
    const { rows } = place.scale;
    const csv = await casesFile(rows);
    await createS3ObjectStore().write(
      { bucket: 'land', key: 'prod/db/cases/cases.csv' },
      createReadStream(csv),
    );
    const script = (
      name: string,
      peer: string,
      environment: PythonEnvironment,
      path = `${peer}_chain.py`,
    ): Candidate => ({
      ...{ name, peer },
      join: chainScript(environment, path, place),
    });
    let explained: string[] = [];
    const takeChain = async (): Promise<Sample> => {
      const { explained: steps, ...sample } = await runChain([{ name: 'cases.csv', path: csv }], rows);
      explained = steps;
      return sample;
    };
    const contestants = await joinContestants(
      { name: 'Landfall', run: takeChain },
      [
        script('Dagster with Polars', 'dagster', 'chains'),
        script('awswrangler', 'awswrangler', 'chains'),
        script('Airflow with awswrangler', 'airflow', 'airflow', 'airflow/airflow_chain.py'),
      ],
      place,
    );
    return { ...contestants, explain: () => explained };
  },
};

const smallFiles: Line = {
  id: 'small-files',
  title: 'many small files in one delivery, through the whole chain',
  async prepare({ scale: { smallFiles: count, rowsOfSmallFile } }) {
    const rows = count * rowsOfSmallFile;
    const folder = await casesFolder(count, rowsOfSmallFile);
    const small = Array.from({ length: count }, (_, file) => `cases-${file}.csv`);
    const path = await casesFile(rows);
    const files = small.map((name) => ({ name, path: join(folder, name) }));
    let explained: string[] = [];
    const takeSmallFiles = async (): Promise<Sample> => {
      const { explained: steps, ...sample } = await runChain(files, rows);
      explained = steps;
      return sample;
    };
    return {
      contestants: [
        { name: `Landfall, ${count} files`, run: takeSmallFiles },
        { name: 'the same bytes in one file', run: () => runChain([{ name: 'cases.csv', path }], rows) },
      ],
      absent: [],
      explain: () => explained,
    };
  },
};

const ROW = (id: number): string =>
  `${id},0042,D00000042,fraud,guilty,12.50,2024-02-29,2024-02-29T12:00:00,true,"a note"\n`;
const HEADER =
  'case_id,court_code,defendant_ref,offence,plea,amount,hearing_date,created_at,is_youth,notes\n';
const ROWS_OF_TRIVIAL_FILE = 10;
// Its keys are beyond those of all others.
const WARM_UP = 1_000_000_000;

/** About 1 KB, with keys that no other delivery has. */
const trivialFile = (delivery: number): Files => [
  {
    name: 'cases.csv',
    content:
      HEADER +
      Array.from({ length: ROWS_OF_TRIVIAL_FILE }, (_, row) =>
        ROW(delivery * ROWS_OF_TRIVIAL_FILE + row),
      ).join(''),
  },
];

async function deliver(pipeline: LandfallChain, delivery: number): Promise<ChainRun> {
  await pipeline.land(trivialFile(delivery));
  return pipeline.run(ROWS_OF_TRIVIAL_FILE);
}

const trivial: Line = {
  id: 'trivial',
  title: 'one file of 1 KB, end to end, by a worker that has worked before',
  async prepare() {
    const pipeline = await LandfallChain.start();
    let delivery = 0;
    await deliver(pipeline, delivery);
    let explained: string[] = [];
    return {
      contestants: [
        {
          name: 'Landfall',
          async run() {
            delivery += 1;
            const sample = await deliver(pipeline, delivery);
            explained = await explainRun(pipeline.name, sample.fileLandTimestamp);
            return sample;
          },
        },
        { name: '1.5 s', run: () => Promise.resolve({ seconds: 1.5, cpuSeconds: 0, peakMegabytes: 0 }) },
      ],
      absent: [],
      explain: () => explained,
      end: () => pipeline.stop(),
    };
  },
};

const GROUP = 10;

const together = (name: string, samples: readonly Sample[]) => ({
  name,
  run: () =>
    Promise.resolve({
      seconds: samples.reduce((sum, { seconds }) => sum + seconds, 0),
      cpuSeconds: samples.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      peakMegabytes: Math.max(...samples.map(({ peakMegabytes }) => peakMegabytes)),
    }),
});

const deliveries: Line = {
  id: 'deliveries',
  title: 'deliveries published one by one, rebuild mode',
  async prepare({ scale }) {
    const pipeline = await LandfallChain.start();
    const samples: Sample[] = [];
    try {
      for (let delivery = 0; delivery < scale.deliveries; delivery += 1)
        samples.push(await deliver(pipeline, delivery));
    } finally {
      await pipeline.stop();
    }
    const contestants = [
      together(`Landfall, the last ten of ${scale.deliveries}`, samples.slice(-GROUP)),
      together('the first ten', samples.slice(0, GROUP)),
    ];
    return { contestants, absent: [], pairs: 1 };
  },
};

export const CHAINS: readonly Line[] = [chain, smallFiles, trivial, deliveries];
