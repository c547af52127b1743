/** The areas in the order that data goes through them (specification, "Background"). */
export const AREAS = ['land', 'raw-hist', 'raw', 'processed', 'curated'] as const;
export type Area = (typeof AREAS)[number];

/** The stages of a run, named for the area (or catalogue) that each has reached when it is done. */
export const STAGES = ['land', 'raw-hist', 'raw', 'processed', 'curated', 'glue'] as const;
export type Stage = (typeof STAGES)[number];
