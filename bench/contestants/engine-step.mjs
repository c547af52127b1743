// One step of the engine on local files, in a process of its own as the worker's engine has it; the answer is a line of
// JSON. `node engine-step.mjs <pipelines' module> <folder> <check | transform | curate> <task as JSON>`
import {
  createReadStream,
  createWriteStream,
  existsSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const require = createRequire(import.meta.url);
const [module, workFolder, step, task] = process.argv.slice(2);
const { loadPipelines } = require('../../dist/definition/load-pipelines.js');
const { inTempPlace } = require('../../dist/engine/temp-place.js');

const metadataOf = (key) => `${key}.metadata.json`;
const write = async ({ key }, body, { metadata = {} } = {}) => {
  await pipeline(body instanceof Readable ? body : Readable.from([body]), createWriteStream(key));
  writeFileSync(metadataOf(key), JSON.stringify(metadata));
};
// Keys are paths; the bucket is no matter.
const read = async ({ key }) => createReadStream(key, { highWaterMark: 256 * 1024 });
const head = async ({ bucket, key }) => {
  const found = statSync(key, { throwIfNoEntry: false });
  if (!found) return undefined;
  const known = existsSync(metadataOf(key)) ? JSON.parse(readFileSync(metadataOf(key), 'utf8')) : {};
  return {
    ...{ bucket, key, etag: '', lastModified: 0, contentType: undefined },
    size: found.size,
    metadata: known,
  };
};
const store = {
  read,
  head,
  open: async (location) => {
    const stored = await head(location);
    return stored && { stored, body: await read(location) };
  },
  write,
  writeOnce: (...args) => write(...args).then(() => 'written'),
};

const steps = {
  check: () => require('../../dist/engine/check-file.js').checkFile,
  transform: () => require('../../dist/engine/transform-file.js').transformFile,
  curate: () => require('../../dist/engine/write-curated-part.js').writeCuratedPart,
};
const pipelines = await loadPipelines([module]);
const perform = steps[step]();
console.log('ready');
const result = await inTempPlace(join(workFolder, 'step-'), (place) =>
  perform(JSON.parse(task), { store, pipelines, ...place, onProgress: () => undefined }),
);
console.log(JSON.stringify(result));
// Polars' threads would hold the process.
process.exit();
