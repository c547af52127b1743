import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** What runs are found by in the Temporal Web UI. */
export const searchAttributes = {
  pipeline: defineSearchAttributeKey('LandfallPipeline', SearchAttributeType.KEYWORD),
  database: defineSearchAttributeKey('LandfallDatabase', SearchAttributeType.KEYWORD),
  fileLandTimestamp: defineSearchAttributeKey('LandfallTimestamp', SearchAttributeType.INT),
  /** The image's tag. */
  version: defineSearchAttributeKey('LandfallVersion', SearchAttributeType.KEYWORD),
  /** running, published, refused, failed or cancelled. */
  outcome: defineSearchAttributeKey('LandfallOutcome', SearchAttributeType.KEYWORD),
};
