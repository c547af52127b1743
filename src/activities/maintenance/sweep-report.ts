import type { ObjectLocation } from '../../adapters/object-store';
import { toS3Url } from '../../adapters/s3-calls';
import type { GcResult, SweptSnapshot } from '../../layout/maintenance';

/** Histories are bounded; all of it is in the run's record. */
const MOST_SNAPSHOTS = 100;
const MOST_STRANGERS = 20;

/** What a sweep has found, and done. */
export class SweepReport {
  readonly swept: SweptSnapshot[] = [];
  readonly strangers: string[] = [];
  kept = 0;
  locked = 0;
  note: string | undefined;

  addStranger(object: ObjectLocation): void {
    this.strangers.push(toS3Url(object));
  }

  toResult(of: Pick<GcResult, 'pipeline' | 'dryRun' | 'graceSeconds'>): GcResult {
    const { swept, strangers, kept, locked, note } = this;
    const sum = (what: 'files' | 'bytes'): number => swept.reduce((total, each) => total + each[what], 0);
    return {
      ...{ kind: 'gc', ...of, files: sum('files'), bytes: sum('bytes') },
      ...{ snapshots: swept.length, swept: swept.slice(0, MOST_SNAPSHOTS), kept },
      ...{ strangers: strangers.length, named: strangers.slice(0, MOST_STRANGERS), locked },
      ...(note === undefined ? {} : { note }),
    };
  }
}
