export { intake } from './intake';
export { listenForEvents } from './listen-for-events';
export { maintain } from './maintain';
export { runPipeline } from './run-pipeline';
export { sweepLand } from './sweep-land';
