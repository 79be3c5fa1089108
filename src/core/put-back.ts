/** Put-back compares found, wrote and now: now = wrote → put back; now = found → nothing to do; neither → somebody else's. */
import type { Guid } from './call.js';
import type { ChangePath } from './goal.js';
import type { Value } from './plan.js';

export interface ThreeWay {
  readonly vm: Guid;
  readonly name: string;
  readonly path: ChangePath;
  readonly found: Value;
  readonly wrote: Value;
  /** undefined: could not be read. */
  readonly now: Value | undefined;
  readonly verdict: 'put-back' | 'already-so' | 'somebody-else' | 'one-way' | 'gone' | 'unknown';
}
