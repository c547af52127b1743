import type { Refusal } from './layout/delivery';

/**
 * The failures that Landfall tells people about. Each says what happened, what was not changed and what to do
 * next; `retryable` says whether the same call may succeed later with nobody's help.
 */
export interface FailureWords {
  /** What happened, naming the pipeline, table, file, row or column it happened to. */
  happened: string;
  /** What is still as it was. */
  unchanged?: string;
  /** What the reader should do now. */
  next: string;
}

export class LandfallError extends Error {
  override readonly name: string = 'LandfallError';
  readonly happened: string;
  readonly unchanged: string | undefined;
  readonly next: string;
  readonly retryable: boolean = false;

  constructor(words: FailureWords, options?: { cause?: unknown }) {
    super([words.happened, words.unchanged, words.next].filter(Boolean).join(' '), options);
    this.happened = words.happened;
    this.unchanged = words.unchanged;
    this.next = words.next;
  }
}

/** The pipeline's code says something that cannot be meant; thrown while the definition is read. */
export class DefinitionError extends LandfallError {
  override readonly name = 'DefinitionError';
}

/** The machine, its services or its configuration are not as Landfall needs them. */
export class SetupError extends LandfallError {
  override readonly name = 'SetupError';
}

/** The command or call was given something it cannot work with. */
export class UsageError extends LandfallError {
  override readonly name = 'UsageError';
}

/** What was asked for does not go together with what the pipeline is doing; nobody has to do anything but wait. */
export class BusyError extends LandfallError {
  override readonly name = 'BusyError';
}

/** F1 found the delivery wanting: nothing of it moves on. */
export class DeliveryRefusedError extends LandfallError {
  override readonly name = 'DeliveryRefusedError';

  constructor(
    words: FailureWords,
    /** What for, as data, and as markdown for the Web UI. */
    readonly refused?: { refusal: Refusal; digest: string },
  ) {
    super(words);
  }
}

/** What is stored is not what the protocol put or expects there; going on could lose data. */
export class IntegrityError extends LandfallError {
  override readonly name = 'IntegrityError';
}

/** A landed object is no longer the version that was pinned. */
export class SourceChangedError extends LandfallError {
  override readonly name = 'SourceChangedError';
}

/** The user's transform failed or returned rows that its declaration does not allow. */
export class TransformError extends LandfallError {
  override readonly name = 'TransformError';
}

/** Athena ran a query and it failed, or somebody cancelled it. */
export class QueryFailedError extends LandfallError {
  override readonly name = 'QueryFailedError';

  constructor(
    words: FailureWords,
    /** Its ID, and why, in Athena's own words. */
    readonly failed?: { query: string; reason: string },
  ) {
    super(words);
  }
}

/** What was about to be published is not, through Athena, what was written. */
export class ReaderCheckError extends LandfallError {
  override readonly name = 'ReaderCheckError';
}

/** Another writer was there first; the same call sorts itself out when it is made again. */
export class ConflictError extends LandfallError {
  override readonly name = 'ConflictError';
  override readonly retryable = true;
}

/** A service did not answer, or asked to be left alone for a while; nobody has to do anything but wait. */
export class UnavailableError extends LandfallError {
  override readonly name = 'UnavailableError';
  override readonly retryable = true;
}
