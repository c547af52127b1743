/** How often, such as `5 minutes`: a whole number, from one minute to seven days. */
export type Every = `${number} ${'minute' | 'minutes' | 'hour' | 'hours' | 'day' | 'days'}`;

/** What has the intake look at land by itself. Each is no more than a reason to look: land alone says what is there. */
export interface TriggersDefinition {
  /** S3's events of the land bucket, from an SQS queue. */
  events?: {
    /** The queue's name, ARN or URL. With `AWS_ENDPOINT_URL` set (an emulator), only its name counts. */
    queue: string;
  };
  /**
   * Land is looked at every so often, whatever events say: they may be lost. A Temporal Schedule.
   * @default every 15 minutes where there are events, otherwise none
   */
  sweep?: { every: Every };
}

/** With every default filled in. */
export interface Triggers {
  events: { queue: string } | undefined;
  sweep: { everySeconds: number } | undefined;
}

const EVERY = /^([1-9]\d{0,4}) (minute|hour|day)s?$/;
const SECONDS = { minute: 60, hour: 60 * 60, day: 24 * 60 * 60 };
const LONGEST_SECONDS = 7 * SECONDS.day;
const BESIDE_EVENTS: Every = '15 minutes';

/** @returns undefined when it is not of the form, or beyond the bounds */
export function readEvery(every: string): number | undefined {
  const [, count, unit] = EVERY.exec(every) ?? [];
  const seconds = Number(count) * SECONDS[unit as keyof typeof SECONDS];
  return seconds <= LONGEST_SECONDS ? seconds : undefined;
}

/** Events come with a sweep, since S3 promises no more than to try. */
export function readTriggers({ events, sweep }: TriggersDefinition = {}): Triggers {
  const every = sweep?.every ?? (events ? BESIDE_EVENTS : undefined);
  const everySeconds = every === undefined ? undefined : readEvery(every);
  return { events, sweep: everySeconds === undefined ? undefined : { everySeconds } };
}
