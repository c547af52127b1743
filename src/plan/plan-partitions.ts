import type { PartitionChanges } from '../adapters/catalogue';

/** Of a table: how many partitions are missing, declared otherwise, or of nothing that is there. */
export interface PartitionPlan {
  table: string;
  missing: number;
  otherwise: number;
  stale: number;
}

export const planChanges = (table: string, { added, updated, removed }: PartitionChanges): PartitionPlan => ({
  ...{ table, missing: added.length, otherwise: updated.length, stale: removed.length },
});

export const isOtherwise = ({ missing, otherwise, stale }: PartitionPlan): boolean =>
  missing + otherwise + stale > 0;
