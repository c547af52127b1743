import { checkCsv, writeLines, writeParquet } from '../contestants/landfall-steps';
import { casesFile } from '../generate-cases';
import type { Line } from '../line';
import type { Sample } from '../measure';

async function takeAllSteps(csv: string, workFolder: string): Promise<Sample> {
  const checked = await checkCsv(csv, workFolder);
  const { sample: written, lines } = await writeLines(csv, workFolder);
  const curated = await writeParquet(lines, workFolder);
  const samples = [checked, written, curated];
  return {
    seconds: samples.reduce((sum, { seconds }) => sum + seconds, 0),
    cpuSeconds: samples.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    peakMegabytes: Math.max(...samples.map(({ peakMegabytes }) => peakMegabytes)),
    ...(curated.outputBytes === undefined ? {} : { outputBytes: curated.outputBytes }),
  };
}

export const TEN_TIMES: Line = {
  id: 'ten-times',
  title: 'ten times the rows: F1, F2 and curation, one after the other',
  async prepare({ scale: { rows }, workFolder }) {
    const all = await casesFile(rows);
    const tenth = await casesFile(rows / 10);
    return {
      contestants: [
        { name: `Landfall, ${rows} rows`, run: () => takeAllSteps(all, workFolder) },
        { name: 'a tenth of the rows', run: () => takeAllSteps(tenth, workFolder) },
      ],
      absent: [],
    };
  },
};
