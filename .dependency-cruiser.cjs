/** Who may import whom: docs/architecture.md has the drawing. */
const only = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: [from, ...to] },
});

const BASE = ['^src/errors\\.ts$', '^src/layout/'];

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '^src/engine/engine-process\\.ts$'] },
      to: {},
    },
    only('layout-is-pure', '^src/layout/', [], 'layout is pure and knows nobody'),
    only('definition', '^src/definition/', BASE, 'what users write rests on layout and errors alone'),
    only('checks', '^src/checks/', [...BASE, '^src/definition/'], 'checks are pure: no engine, no store'),
    only(
      'report',
      '^src/report/',
      [...BASE, '^src/definition/', '^src/checks/'],
      'the validation report is made of declarations and findings alone',
    ),
    only('adapters', '^src/adapters/', BASE, 'adapters speak AWS and know nothing of pipelines'),
    only(
      'engine',
      '^src/engine/',
      [...BASE, '^src/definition/', '^src/checks/', '^src/adapters/'],
      'the engine touches rows, not Temporal',
    ),
    only('stack', '^src/stack/', ['^src/errors\\.ts$'], 'the embedded stack serves anybody'),
    {
      name: 'workflows-see-types',
      comment: 'a workflow runs in a sandbox and replays: no engine, no SDK client, no zod may reach it',
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: {
        pathNot: [
          '^src/workflows/',
          '^src/layout/',
          '^src/map-with-limit\\.ts$',
          '^node_modules/@temporalio/(workflow|common)/',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'layout-reaches-workflows',
      comment: 'layout is part of the workflow bundle',
      severity: 'error',
      from: { path: '^src/layout/' },
      to: { pathNot: ['^src/layout/', '^node_modules/@temporalio/common/'] },
    },
    {
      name: 'aws-in-adapters',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/' },
      to: { path: '^node_modules/@(aws-sdk|smithy)/' },
    },
    {
      name: 'polars-in-engine',
      comment: 'Polars blocks the event loop; it runs in the engine’s processes only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/' },
      to: { path: '^node_modules/nodejs-polars', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'cli-on-top',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default', 'types'],
    },
  },
};
