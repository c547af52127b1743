import { definePipeline } from 'landfall';
import { pipeline } from '../right-pipeline';

// expect: Type '"often"' is not assignable to type
export const notATime = definePipeline({ ...pipeline, triggers: { sweep: { every: 'often' } } });

// expect: Type '"5 seconds"' is not assignable to type
export const tooOften = definePipeline({ ...pipeline, triggers: { sweep: { every: '5 seconds' } } });

// expect: Property 'queue' is missing in type
export const withoutQueue = definePipeline({ ...pipeline, triggers: { events: {} } });

// expect: 'schedule' does not exist in type 'TriggersDefinition
export const unknownTrigger = definePipeline({ ...pipeline, triggers: { schedule: '0 6 * * *' } });
