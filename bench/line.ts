import type { Contestant } from './measure';
import type { Bound } from './bounds';

/** What to measure, in one run of the bench. */
export interface Scale {
  /** Of the one file that most lines are about. */
  rows: number;
  pairs: number;
  smallFiles: number;
  rowsOfSmallFile: number;
  deliveries: number;
}

export interface Place {
  scale: Scale;
  /** Gone when the bench ends. */
  workFolder: string;
  /** Whether a group of contestants was asked for: `--peers`. */
  asksFor: (peer: string) => boolean;
  onProgress: (words: string) => void;
}

/** Contestants that do the same work in turn; the first is Landfall. */
export interface Line {
  id: Bound['line'];
  title: string;
  /** Makes ready what is not measured. */
  prepare(place: Place): Promise<Prepared>;
}

export interface Prepared {
  contestants: Contestant[];
  /** Who was asked for and cannot take part here, and why. */
  absent: { name: string; why: string }[];
  /** What to say behind the figures. */
  explain?: () => string[];
  /** How often, where it is other than the bench's pairs. */
  pairs?: number;
  end?: () => Promise<void>;
}
