import type { Logger } from 'pino';
import type { Catalogue, QueryEngine } from '../adapters/catalogue';
import type { ObjectStore } from '../adapters/object-store';
import type { Pipeline } from '../definition/pipeline';
import type { Engine } from '../engine/tasks';

/** What the activities work with. */
export interface Dependencies {
  pipelines: readonly Pipeline[];
  store: ObjectStore;
  catalogue: Catalogue;
  queries: QueryEngine;
  engine: Engine;
  /** The image's tag, which every processed row will carry. */
  version: string;
  logger: Logger;
}
