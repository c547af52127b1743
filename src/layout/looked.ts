/** What came of a look at land that nobody waits for: an event's, the sweep's. */
export type Looked =
  | { kind: 'nothing-landed' }
  | { kind: 'not-complete'; missing: string[] }
  /** A run was begun for what waited. */
  | { kind: 'taken'; fileLandTimestamp: number; workflowId: string }
  /** Land is looked at again once this run has ended. */
  | { kind: 'under-way'; fileLandTimestamp: number }
  /** F1 refused just this content before. */
  | { kind: 'refused'; fileLandTimestamp: number }
  /** Its last run ended badly, and is not begun again without somebody's word, or not yet. */
  | { kind: 'left-alone'; fileLandTimestamp: number; ended: 'cancelled' | 'failed'; until?: string }
  /** Land is looked at as soon as it is resumed. */
  | { kind: 'paused'; pause: { by: string; why: string; at: string } };

/** In words for whoever looks at the Web UI or the status. */
export function describeLooked(pipeline: string, looked: Looked): string {
  switch (looked.kind) {
    case 'nothing-landed':
      return 'Nothing waits in land.';
    case 'not-complete':
      return `What waits in land is not complete: ${looked.missing.join('; ')} missing.`;
    case 'taken':
      return `Taken as delivery ${looked.fileLandTimestamp}.`;
    case 'under-way':
      return `The run of delivery ${looked.fileLandTimestamp} is under way; land is looked at again when it has ended.`;
    case 'refused':
      return `What waits in land is delivery ${looked.fileLandTimestamp}, which was refused; it is not checked again until it changes, or somebody says so: landfall replay ${pipeline} --timestamp ${looked.fileLandTimestamp} --why "…"`;
    case 'left-alone':
      return looked.until === undefined
        ? `The run of delivery ${looked.fileLandTimestamp}, which goes first, ${looked.ended === 'failed' ? 'failed' : 'was cancelled'}; go on with it by: landfall run ${pipeline} --timestamp ${looked.fileLandTimestamp}`
        : `The run of delivery ${looked.fileLandTimestamp}, which goes first, failed for what may pass by itself; it is tried again from ${looked.until} on.`;
    case 'paused':
      return `Paused by ${looked.pause.by} since ${looked.pause.at}: ${looked.pause.why}. Land is looked at when it is resumed.`;
  }
}
