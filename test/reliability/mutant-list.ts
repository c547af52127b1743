import type { Mutant } from './mutant';

const RE_UPLOADS = 're-uploads, emulator: one file of one table, land ';
const OF_VERSIONS = `${RE_UPLOADS}with versions`;
const OF_NO_VERSIONS = `${RE_UPLOADS}without versions`;
const SUSPENDED = 're-uploads, emulator: one file of one table, versions of land suspended';
const OVERWRITTEN = 're-uploads, emulator: one overwritten file';
const CRASH = 'crash: one file';
const BAD_ANSWERS = 'bad answers: one file';
const ZOMBIES = 'zombies: one file';
const ZOMBIES_RAW = 'zombies: four files';
const GIVEN_UP = 'runs given up';
const DAMAGED = 'damaged copies: four files';
const DAMAGED_QUARANTINE = 'damaged copies: a refused';
const STOPS = 'what a run must stop at';
const TRIGGERS = 'triggers at once';
const KILLS = 'SIGKILL of the worker, emulator';

const DELETE = 'src/adapters/s3-delete.ts';
const COPY = 'src/adapters/s3-copy-once.ts';
const VERIFIED = 'src/activities/copy-verified.ts';
const PIN = 'src/activities/land/pin-delivery.ts';
const DELIVERIES = 'src/activities/deliveries.ts';
const INTAKE = 'src/workflows/intake.ts';

export const MUTANTS: readonly Mutant[] = [
  {
    guard: 'only the archived version is deleted from land, where there are versions',
    file: DELETE,
    from: 'const remove = () => send(context, { ...object, VersionId: versionId }, options);',
    to: 'const remove = () => send(context, object, options);',
    caughtBy: OF_VERSIONS,
  },
  {
    guard: 'only the archived upload is deleted from land, where there are no versions',
    file: DELETE,
    from: 'return send(context, { ...object, IfMatch: etag }, options);',
    to: 'return send(context, object, options);',
    caughtBy: OF_NO_VERSIONS,
  },
  {
    guard: 'only the archived upload is deleted from land, where versions are suspended',
    file: DELETE,
    from: "versionId !== undefined && versionId !== 'null';",
    to: 'versionId !== undefined;',
    caughtBy: SUSPENDED,
  },
  {
    guard: 'what was overwritten does not come back when what is above it is deleted',
    file: DELETE,
    from: 'if (place.isCurrent && place.hasOlder) await hide();',
    to: '',
    caughtBy: OVERWRITTEN,
  },
  {
    guard: 'what is hidden with the archived version is not what was uploaded since',
    file: DELETE,
    from: 'const marker = { ...object, IfMatch: etag };',
    to: 'const marker = { ...object };',
    caughtBy: OVERWRITTEN,
  },
  {
    guard: 'only the current version of what landed is listed',
    file: 'src/adapters/s3-list.ts',
    from: 'if (isLatest) yield version;',
    to: 'if (isLatest || version) yield version;',
    caughtBy: OVERWRITTEN,
  },
  {
    guard: 'only the pinned version is checked, copied and deleted',
    file: 'src/activities/land/source-of.ts',
    from: '...(versionId === undefined ? {} : { versionId }),',
    to: '',
    caughtBy: OF_VERSIONS,
  },
  {
    guard: 'only the pinned version is read',
    file: 'src/adapters/s3-read.ts',
    from: 'const command = new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId, IfMatch: etag });',
    to: 'const command = new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag });',
    caughtBy: OF_VERSIONS,
  },
  {
    guard: 'only the pinned version is copied',
    file: COPY,
    from: 'return versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;',
    to: 'return path;',
    caughtBy: OF_VERSIONS,
  },
  {
    guard: 'only the upload that was checked is copied',
    file: COPY,
    from: '      CopySourceIfMatch: source.etag,\n',
    to: '',
    caughtBy: OF_NO_VERSIONS,
  },
  {
    guard: 'a copy is completed only where nothing is',
    file: 'src/adapters/s3-multipart.ts',
    from: "...(once && { IfNoneMatch: '*' }),",
    to: '',
    caughtBy: ZOMBIES,
  },
  {
    guard: 'what is written once is written only where nothing is',
    file: 'src/adapters/s3-write.ts',
    from: "...(once && { IfNoneMatch: '*' }),",
    to: '',
    caughtBy: ZOMBIES,
  },
  {
    guard: 'an answer that says that something is there is an answer, no failure',
    file: 'src/adapters/s3-multipart.ts',
    from: "if (isPreconditionFailed(error)) return 'exists';",
    to: '',
    caughtBy: BAD_ANSWERS,
  },
  {
    guard: 'a conflict in the store is tried again',
    file: 'src/adapters/aws-errors.ts',
    from: '  if (CONFLICT.test(code)) {',
    to: '  if (CONFLICT.test(code) && cause === undefined) {',
    caughtBy: BAD_ANSWERS,
  },
  {
    guard: 'an answer that says that a copy exists is looked at, not believed to be somebody else',
    file: VERIFIED,
    from: 'if (!mayBeThere || !(await store.head(target, { signal }))) await store.copyOnce(source, target, options);',
    to: "if ((await store.copyOnce(source, target, options)) === 'exists') throw new Error('it is there already');",
    caughtBy: CRASH,
  },
  {
    guard: 'what is under the key already is ours only when it says so',
    file: VERIFIED,
    from: 'if (!opened || differingMetadata(opened.stored.metadata, metadata).length > 0) {',
    to: 'if (!opened) {',
    caughtBy: STOPS,
  },
  {
    guard: 'what is in raw-hist is read back before land is deleted',
    file: VERIFIED,
    from: 'await verifyStored(opened, { size: source.size, sha256 });',
    to: '',
    caughtBy: DAMAGED,
  },
  {
    guard: 'what is in quarantine is read back before land is deleted',
    file: VERIFIED,
    from: 'await verifyStored(opened, { size: source.size, sha256 });',
    to: '',
    caughtBy: DAMAGED_QUARANTINE,
  },
  {
    guard: 'what is stored is compared by its SHA-256',
    file: 'src/activities/verify-stored.ts',
    from: 'if (size === expected.size && sha256 === expected.sha256) return;',
    to: 'if (size === expected.size) return;',
    caughtBy: DAMAGED,
  },
  {
    guard: 'nothing is left in raw by an attempt that comes late',
    file: 'src/activities/raw/copy-to-raw.ts',
    from: 'if (await isProcessed(store, pipeline, input)) await removeCopy(store, target);',
    to: '',
    caughtBy: ZOMBIES_RAW,
  },
  {
    guard: 'a copy in raw is made only where nothing is, and one that is there is looked at',
    file: 'src/activities/raw/copy-to-raw.ts',
    from: "=== 'written') return;",
    to: "=== 'written') return;\n  throw new Error('it is there already');",
    caughtBy: 'crash: four files',
  },
  {
    guard: 'what has begun to leave land goes on before anything else is taken',
    file: PIN,
    from: "has.has('archived') ? !has.has('published') : has.has('quarantined') && !has.has('cleared');",
    to: 'has.size < 0;',
    caughtBy: GIVEN_UP,
  },
  {
    guard: 'a delivery whose files are taken as another is given up first',
    file: PIN,
    from: '  for (const other of open) {\n    if (other.fileLandTimestamp',
    to: '  for (const other of open.slice(open.length)) {\n    if (other.fileLandTimestamp',
    caughtBy: GIVEN_UP,
  },
  {
    guard: 'the same land content is the same delivery',
    file: PIN,
    from: 'const manifest = same ?? begun ?? (await',
    to: 'const manifest = (await',
    caughtBy: GIVEN_UP,
  },
  {
    guard: 'whether a delivery is archived or given up is decided once',
    file: DELIVERIES,
    from: 'return (await recordSettled(store, pipeline, fileLandTimestamp)) ?? wanted;',
    to: 'return wanted;',
    caughtBy: GIVEN_UP,
  },
  {
    guard: 'what was decided of a delivery is said by whoever comes next',
    file: PIN,
    from: 'for (const [fileLandTimestamp] of silent) await recordSettled(store, pipeline, fileLandTimestamp);',
    to: '',
    caughtBy: GIVEN_UP,
  },
  {
    guard: 'a delivery that was given up is not archived',
    file: 'src/activities/raw-hist/record-archive.ts',
    from: "  if (settled.as === 'superseded') throw supersededBy(fileLandTimestamp, settled.by);\n",
    to: "  if (settled.as === 'superseded') await writeRecordOnce(store, pipeline.areas.log, deliveryRecordKey(pipeline, fileLandTimestamp, 'archived'), record);\n",
    caughtBy: GIVEN_UP,
  },
  {
    guard: 'the manifest that an earlier attempt wrote is recognised',
    file: 'src/activities/land/write-manifest.ts',
    from: 'if (theirs.contentDigest === contentDigest) return theirs;',
    to: '',
    caughtBy: BAD_ANSWERS,
  },
  {
    guard: 'readers are not moved back by an attempt that comes late',
    file: 'src/activities/glue/publish-database.ts',
    from: 'if (isDeepStrictEqual(await listProcessed(store, pipeline), basis)) return;',
    to: 'if (await listProcessed(store, pipeline)) return;',
    also: [
      {
        file: 'src/activities/glue/publishes.ts',
        from: 'if (after !== undefined && last !== after) throw overtaken(pipeline, wanted, last);',
        to: '',
      },
    ],
    caughtBy: GIVEN_UP,
  },
  {
    guard: 'a table in Glue is moved only from the version that was compared',
    file: 'src/adapters/glue-changes.ts',
    from: '    VersionId,\n',
    to: '',
    caughtBy: GIVEN_UP,
  },
  {
    guard: 'rows that a transform leaves out are accounted for',
    file: 'src/engine/transform-file.ts',
    from: "if (rowsOut !== rowsIn - rejected && table.transform?.rows !== 'changed') {",
    to: 'if (rowsOut < 0) {',
    also: [
      {
        file: 'src/activities/account-for-rows.ts',
        from: 'if (difference !== 0 && !mayChange) {',
        to: 'if (difference !== difference && !mayChange) {',
      },
    ],
    caughtBy: STOPS,
  },
  {
    guard: 'land is deleted after the archive, not before',
    file: 'src/workflows/run-pipeline.ts',
    from: '    else await archive(run);\n    await clearLand(run);\n',
    to: "    await clearLand(run);\n    if (plan.state !== 'archived') await archive(run);\n",
    caughtBy: KILLS,
    isBuilt: true,
  },
  {
    guard: 'raw is deleted after processed is recorded, not before',
    file: 'src/workflows/run-pipeline.ts',
    from: "  await eachBatch(processing, 'processed', 'transform', (summary, input) =>",
    to: "  if (plan.hasRaw) await activities.deleteFromRaw(delivery);\n  await eachBatch(processing, 'processed', 'transform', (summary, input) =>",
    caughtBy: KILLS,
    isBuilt: true,
  },
];

const NOTHING_REMOVED = { file: INTAKE, from: 'let deciding = false;', to: 'let deciding = false;' };

export const CONTROLS: readonly Mutant[] = [
  { ...NOTHING_REMOVED, guard: 'no guard at all: a control', caughtBy: CRASH },
  {
    ...NOTHING_REMOVED,
    guard: 'no guard at all: a control that is built',
    caughtBy: TRIGGERS,
    isBuilt: true,
  },
];
