import type { Ports } from './free-ports';

export type SearchAttributeType = 'Text' | 'Keyword' | 'Int' | 'Double' | 'Bool' | 'Datetime' | 'KeywordList';

export interface StackOptions {
  /** Everything that the stack stores is in this folder; it is made when missing. */
  stateDir: string;
  /** Forget what earlier runs stored. @default false */
  fresh?: boolean;
  /**
   * Whether buckets and tables are there again when it is started again. Saving them takes the longer the more there are:
   * tests make thousands. @default true
   */
  isKept?: boolean;
  /** @default the ports of the last run in this folder, else free ones; always on 127.0.0.1 */
  ports?: Partial<Ports>;
  /** Added to the namespace where missing, by name. */
  searchAttributes: Record<string, SearchAttributeType>;
  onProgress?: (message: string) => void;
  /** Gives up starting; a stack that has started is ended by `stop`. */
  signal?: AbortSignal;
}

export type PartName = 'temporal' | 'aws';

export interface PartExit {
  part: PartName;
  /** Exit code; 128 + the signal's number when a signal ended it; `null` when its guard was killed. */
  code: number | null;
  logFile: string;
  lastLines: string;
}

export interface Stack {
  temporalAddress: string;
  temporalNamespace: string;
  /** `undefined` when Temporal is the user's own. */
  webUiUrl: string | undefined;
  awsEndpoint: string;
  /** What a process needs to reach the stack; holds no secret, the credentials are for the emulator only. */
  environment: Record<string, string>;
  /** Resolves when a part ends unasked; the others still run and want `stop`. */
  partExited: Promise<PartExit>;
  /** Ends the parts and resolves when their processes are gone; idempotent. */
  stop(): Promise<void>;
}
