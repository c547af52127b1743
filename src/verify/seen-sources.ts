import { createHash } from 'node:crypto';
import type { PinnedEntry } from './delivery-records';

/**
 * Which uploaded versions were archived, and with which delivery. Only where land keeps versions: without them, the same
 * bytes uploaded again after the first were taken cannot be told from those. Memory: some 100 bytes a version.
 */
export class SeenSources {
  private readonly deliveries = new Map<string, number>();

  /** @returns the delivery that has archived the same version before */
  add({ key, versionId }: PinnedEntry, delivery: number): number | undefined {
    if (versionId === undefined || versionId === 'null') return undefined;
    const source = createHash('sha256')
      .update(JSON.stringify([key, versionId]))
      .digest('base64url')
      .slice(0, 24);
    const earlier = this.deliveries.get(source);
    if (earlier === undefined) this.deliveries.set(source, delivery);
    return earlier;
  }
}
