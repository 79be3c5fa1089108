/** One line of a change table, said. */
import type { Step } from '../../src/core/change/step.js';
import type { Words } from '../../src/text/index.js';
import type { Outcome } from '../../src/core/run/progress.js';

export interface TableRow {
  readonly key: string;
  readonly numbers: readonly number[];
  readonly kind: Step['kind'];
  readonly name: Words;
  readonly why?: string | undefined;
  readonly from: string;
  readonly to: string;
  readonly isOneWay?: boolean;
  /** After the run: how it turned out. */
  readonly took?: Outcome['took'];
}
