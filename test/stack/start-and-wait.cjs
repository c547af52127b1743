'use strict';
// Starts a stack in the folder given, says so, and waits to be killed.
const { join } = require('node:path');
const { createJiti } = require('jiti');

createJiti(__dirname)
  .import(join(__dirname, '..', '..', 'src', 'stack', 'start-stack.ts'))
  .then(({ startStack }) => startStack({ stateDir: process.argv[2], searchAttributes: {} }))
  .then((stack) => {
    process.stdout.write(`${JSON.stringify(stack.environment)}\n`);
    // Not to outlive the test run.
    process.stdin.on('close', () => process.exit()).resume();
  });
