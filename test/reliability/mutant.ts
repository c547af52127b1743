export interface Replacement {
  file: string;
  /** What must stand in the file, once. */
  from: string;
  to: string;
}

/** A guard of the protocol, and how the source looks without it. */
export interface Mutant extends Replacement {
  guard: string;
  /** The further lines of defence, each of which would do alone. */
  also?: readonly Replacement[];
  /** The group that must catch it; of the readers, what they must meet. */
  caughtBy: string;
  /** The group has processes of its own, which run what is built. */
  isBuilt?: true;
}
