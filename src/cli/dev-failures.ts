import { SetupError } from '../errors';

export function partDied(died: { part: string; logFile: string; lastLines: string }): SetupError {
  return new SetupError({
    happened: `The part "${died.part}" of the embedded stack ended by itself. Its last words:\n${died.lastLines || '(none)'}`,
    unchanged: 'The others were stopped; what is stored is kept.',
    next: `See ${died.logFile}, and start again.`,
  });
}

export function stackRunsAlready(pid: number): SetupError {
  return new SetupError({
    happened: `A stack runs for this folder already, as process ${pid}.`,
    unchanged: 'It runs on.',
    next: 'Use that one, or stop it with: npx landfall dev --stop',
  });
}
