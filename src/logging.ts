import { Runtime, type LogLevel, type LogMetadata, type Logger as TemporalLogger } from '@temporalio/worker';
import pino, { type Logger } from 'pino';

/** Structured logs on standard error; LOG_LEVEL says from which level on. @default info */
export const createLogger = (): Logger =>
  pino({ name: 'landfall', level: process.env.LOG_LEVEL ?? 'info' }, pino.destination(2));

let installed = false;

/** Sends what the Temporal SDK has to say into our logs; the SDK allows it once a process. */
export function installTemporalLogger(logger: Logger): void {
  if (installed) return;
  installed = true;
  const log = (level: LogLevel, message: string, meta?: LogMetadata): void => {
    const name = level.toLowerCase() as 'trace' | 'debug' | 'info' | 'warn' | 'error';
    logger[name](meta ?? {}, message);
  };
  const temporalLogger: TemporalLogger = {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
  // The signals are the command's: it decides what a first and a second Ctrl-C mean.
  Runtime.install({ logger: temporalLogger, shutdownSignals: ['SIGINT', 'SIGTERM'] });
}
