// Compiles src to dist, copies what is no TypeScript, and bundles the workflows.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
try {
  execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.json')], { stdio: 'inherit' });
} catch {
  // The compiler has said what is wrong.
  process.exit(1);
}
cpSync(join(root, 'src'), dist, {
  recursive: true,
  filter: (path) => !['.ts', '.pyc'].includes(extname(path)) && !path.endsWith('__pycache__'),
});

// To WebAssembly, which Node runs as it is.
const assembly = join(root, 'assembly');
const machines = readdirSync(assembly).filter((name) => name.endsWith('.ts'));
for (const name of machines) {
  const { error, stderr } = await main([
    join(assembly, name),
    ...['--outFile', join(dist, 'engine', 'machine', name.replace(/\.ts$/, '.wasm'))],
    ...['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub', '--importMemory'],
  ]);
  if (!error) continue;
  console.error(stderr.toString());
  process.exit(1);
}

const workflows = join(dist, 'workflows', 'index.js');
if (existsSync(workflows)) {
  const { bundleWorkflowCode } = require('@temporalio/worker');
  const quiet = { ...console, trace() {}, debug() {}, info() {}, log() {} };
  const { code } = await bundleWorkflowCode({ workflowsPath: workflows, logger: quiet });
  writeFileSync(join(dist, 'workflow-bundle.js'), code);
}
