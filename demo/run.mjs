// Runs the demo's TypeScript as it is.
import { createJiti } from 'jiti';

await createJiti(import.meta.url).import('./demo.ts');
