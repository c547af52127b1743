import { createAthenaQueryEngine } from '../../src/adapters/athena-query';
import { createGlueCatalogue } from '../../src/adapters/glue-catalogue';
import { History } from './history';
import { Publisher, type PublisherFigures } from './publisher';
import { Readers, type Counts } from './readers';
import { planSteps } from './steps';

const TELL_EVERY_MS = 15_000;
const MOST_TOLD = 20;

export interface Part {
  name: string;
  publishes: number;
  /** A kill of the publisher in each of so many steps; none where it is 0. */
  killEvery: number;
  readers: number;
  slowReaders: number;
}

export interface PartFigures extends PublisherFigures, Counts {
  part: string;
  readers: number;
  slowReaders: number;
  seconds: number;
  holds: boolean;
}

interface Surroundings {
  seed: number;
  say: (words: string) => void;
  isOver: () => boolean;
  /** Ends the part with its first fault. */
  untilFault: boolean;
}

/** One database that is published again and again, and its readers. */
export async function runPart(
  { name, publishes, killEvery, readers: quick, slowReaders }: Part,
  { seed, say, isOver, untilFault }: Surroundings,
): Promise<PartFigures> {
  const began = Date.now();
  const catalogue = createGlueCatalogue();
  const history = new History();
  const publisher = await Publisher.start(history, catalogue, isOver);
  const { areas, database } = publisher.pipeline;
  let told = 0;
  const asked = {
    engine: createAthenaQueryEngine(),
    database,
    outputLocation: `s3://${areas.log}/athena/`,
  };
  const tell = (words: string): void => {
    if ((told += 1) <= MOST_TOLD) say(`    ${words}`);
  };
  const readers = new Readers(history, asked, catalogue, tell, isOver);
  const figures = (): PartFigures => ({
    ...{ part: name, readers: quick, slowReaders },
    ...publisher.figures,
    ...readers.figures,
    seconds: Math.round((Date.now() - began) / 1000),
    holds: readers.faults === 0,
  });
  const telling = setInterval(() => say(`       ${name}: ${describeFigures(figures())}`), TELL_EVERY_MS);
  readers.start(quick, slowReaders);
  try {
    for (const step of planSteps(publishes, killEvery, seed)) {
      if (isOver() || (untilFault && readers.faults > 0)) break;
      await publisher.take(step);
    }
  } finally {
    clearInterval(telling);
    await readers.stop();
    await publisher.stop();
  }
  const result = figures();
  say(`${result.holds ? 'ok    ' : 'FAILED'} ${name}: ${describeFigures(result)}`);
  return result;
}

const describeFigures = ({ publishes, kills, queries, seconds, ...faults }: PartFigures): string =>
  `${publishes} publishes, ${kills} kills, ${queries} queries (${faults.whilePublishing} while publishing); ${faults.missing} missing, ${faults.mixed} mixed, ${faults.doubled} doubled, ${faults.lost} lost, ${faults.back} back in time, ${faults.errors} errors (${seconds} s)`;
