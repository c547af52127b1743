export { intake } from './intake';
export { runPipeline } from './run-pipeline';
