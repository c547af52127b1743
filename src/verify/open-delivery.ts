import { landedObject } from '../activities/land/source-of';
import { forEachBounded } from '../adapters/bounded';
import { toS3Url } from '../adapters/s3-calls';
import { plural } from '../checks/numbers';
import type { Verifying } from './archived-objects';
import { patientlyRead } from './check-stored';
import type { Problem } from './verification';

const CONCURRENT = 16;

/**
 * A delivery that is pinned and nothing else: what was pinned must still be in land, since only what is archived is
 * deleted from there. What was uploaded again in its place (where land keeps no versions) is the supplier's own doing.
 * @returns 'archived' when its run has archived it meanwhile
 */
export async function lookAtOpenDelivery(
  verifying: Verifying,
  delivery: number,
): Promise<'archived' | 'open'> {
  const { store, pipeline, known, records, findings, signal } = verifying;
  const manifest = await records.require(delivery, 'manifest');
  const lost: Problem[] = [];
  let replaced = 0;
  await forEachBounded(manifest?.objects ?? [], CONCURRENT, async (object) => {
    const pinned = landedObject(pipeline, object);
    const { size, etag } = pinned;
    const landed = await patientlyRead(signal, () => store.head(pinned, { signal }));
    if (!landed) {
      const detail = `pinned (${size} bytes, etag ${etag}), never archived, and gone from land`;
      lost.push({ kind: 'lost', object: toS3Url(pinned), delivery, detail });
    } else if (landed.etag !== etag) replaced += 1;
  });
  if (!known.get(delivery)?.has('archived') && (await records.find(delivery, 'archived'))) return 'archived';
  for (const problem of lost) findings.add(problem);
  if (manifest) {
    const held = manifest.objects.length - lost.length - replaced;
    const detail = `${plural(held, 'file')} of ${manifest.objects.length} wait in land${replaced > 0 ? `, ${replaced} uploaded again` : ''}`;
    findings.unfinished.push({ delivery, reached: 'pinned', detail });
  }
  return 'open';
}
