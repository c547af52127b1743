import { definePipeline } from 'landfall';
import { pipeline } from '../right-pipeline';

// expect: Property 'database' is missing in type
export const withoutDatabase = definePipeline({ ...pipeline, readerCheck: {} });

// expect: Type 'boolean' is not assignable to type 'ReaderCheckDefinition'
export const justTrue = definePipeline({ ...pipeline, readerCheck: true });

// expect: 'workGroup' does not exist in type 'ReaderCheckDefinition'
export const misspelt = definePipeline({ ...pipeline, readerCheck: { database: 'c', workGroup: 'primary' } });

// expect: Type '"answers/"' is not assignable to type
export const noLocation = definePipeline({ ...pipeline, readerCheck: { database: 'c', output: 'answers/' } });
