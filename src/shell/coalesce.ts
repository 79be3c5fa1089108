/** Does at once what is asked, and what is asked soon after it together: once for all. */
import type { WatchClock } from './watcher.js';

/** `act` is done at the first call, then at most once in so many milliseconds, and after the last call in any case. */
export function coalesced(act: () => void, milliseconds: number, clock: Pick<WatchClock, 'after'>): () => void {
  let isResting = false;
  let isAsked = false;
  const doIt = (): void => {
    isAsked = false;
    isResting = true;
    act();
    clock.after(milliseconds, () => {
      isResting = false;
      if (isAsked) doIt();
    });
  };
  return () => {
    if (isResting) isAsked = true;
    else doIt();
  };
}
