'use strict';
const { writeSync } = require('node:fs');

/** Ends the run's output with one line that a script can read: `N passed, N failed[, N skipped]`. */
class SummaryReporter {
  onRunComplete(_contexts, results) {
    // A file that could not even be loaded has no failed test to be counted by.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const parts = [`${results.numPassedTests} passed`, `${failed} failed`];
    if (skipped > 0) parts.push(`${skipped} skipped`);
    // Jest prints its own end, and the other reporters theirs, after this call; --forceExit mutes process.stdout.
    process.once('exit', () => writeSync(1, `${parts.join(', ')}\n`));
  }
}

module.exports = SummaryReporter;
