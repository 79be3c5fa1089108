/** How a test hears what is said of a file, and lets the time until the next try pass. */
import type { FileFault } from '../../../src/ipc/notices.js';
import type { Keeping } from '../../../src/shell/saving.js';

export interface HeardKeeping extends Keeping {
  readonly told: (FileFault | null)[];
  /** Every pause that is being waited for is over. */
  readonly pass: () => void;
  /** Milliseconds that are being waited for. */
  readonly pauses: () => readonly number[];
}

export function hearing(): HeardKeeping {
  const told: (FileFault | null)[] = [];
  const waiting = new Map<() => void, number>();
  return {
    told,
    tell: (fault) => void told.push(fault),
    after: (milliseconds, act) => {
      const once = (): void => act();
      waiting.set(once, milliseconds);
      return () => waiting.delete(once);
    },
    pass: () => {
      const due = [...waiting.keys()];
      waiting.clear();
      for (const act of due) act();
    },
    pauses: () => [...waiting.values()],
  };
}
