import { createS3ObjectStore } from '../../src/adapters/s3-object-store';
import { createS3Client } from '../../src/adapters/s3-client';
import { passOn, startFaultyStore, type FaultyStore } from './faulty-store';
import { createBucket, failureOf } from './test-buckets';

let store: FaultyStore | undefined;
afterEach(() => store?.close());

/** The store, with another time on its clock. */
async function withDate(date: string | undefined) {
  const faulty = await startFaultyStore((_request, response) => (answer) => {
    if (date === undefined) {
      delete answer.headers.date;
      response.sendDate = false;
    } else answer.headers.date = date;
    passOn(answer, response);
  });
  store = faulty;
  return createS3ObjectStore({ s3: createS3Client({ endpoint: faulty.endpoint }) });
}

test('the time is the store’s, not this machine’s', async () => {
  const bucket = await createBucket('clock');
  const faulty = await withDate('Wed, 22 Aug 2018 20:13:20 GMT');
  expect(await faulty.readClock(bucket)).toBe(1_534_968_800);
});

test('a store that tells no time is an error, not a guess', async () => {
  const bucket = await createBucket('clock');
  expect((await failureOf((await withDate(undefined)).readClock(bucket))).message).toContain('Date');
});

test('a bucket that is not there is named', async () => {
  const failure = await failureOf(createS3ObjectStore().readClock('there-is-no-such-bucket'));
  expect(failure.name).toBe('SetupError');
  expect(failure.message).toContain('there-is-no-such-bucket');
});
