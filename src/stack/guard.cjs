'use strict';
/**
 * Runs one part of the stack and ends it when the owner ends, even by SIGKILL.
 *
 *   node guard.cjs <milliseconds to end in> <command> [arguments]
 *
 * stdin is a pipe whose other end the owner holds: its end is the order to stop. The part's process id is written
 * to file descriptor 3. Exits with the part's exit code (128 + signal number when a signal ended it).
 */
const { spawn } = require('node:child_process');
const { writeSync } = require('node:fs');
const { constants } = require('node:os');

const [graceMs, command, ...commandArguments] = process.argv.slice(2);
const part = spawn(command, commandArguments, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });

function signalGroup(signal) {
  try {
    process.kill(-part.pid, signal);
  } catch {
    // The whole group is gone already.
  }
}

let ending = false;
function endPart() {
  if (ending || part.pid === undefined) return;
  ending = true;
  signalGroup('SIGTERM');
  setTimeout(() => signalGroup('SIGKILL'), Number(graceMs)).unref();
}

part.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
part.on('exit', (code, signal) => {
  signalGroup('SIGKILL');
  process.exit(code ?? 128 + constants.signals[signal]);
});

if (part.pid !== undefined) {
  try {
    writeSync(3, `${part.pid}\n`);
  } catch {
    endPart();
  }
}

process.stdin.on('end', endPart).on('close', endPart).on('error', endPart).resume();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, endPart);
