/** The time of all that waits and is timed: it stands still while the PC sleeps, or everything under way would be over on waking. */
import type { SessionClock } from './session.js';

export interface PausableClock extends SessionClock {
  /** Milliseconds that the PC was awake: they only grow. Exact while somebody waits by this clock. */
  now(): number;
  pause(): void;
  resume(): void;
}

/** Milliseconds that are waited in one go. */
const LOOK = 10_000;
/** Where more than this seems to have passed since, the PC slept before anybody could say so. */
const LONGEST = LOOK + 5000;

export function pausableClock(now: () => number = () => performance.now()): PausableClock {
  const pending = new Map<object, () => void>();
  let awake = 0;
  let seen = now();
  let isPaused = false;
  const look = (): number => {
    const at = now();
    if (!isPaused) awake += Math.min(Math.max(0, at - seen), LONGEST);
    seen = at;
    return awake;
  };
  return {
    now: look,
    after(milliseconds, act) {
      const due = look() + milliseconds;
      const key = {};
      let handle: NodeJS.Timeout | undefined;
      const wait = (): void => {
        clearTimeout(handle);
        if (!isPaused) handle = setTimeout(ring, Math.min(Math.max(0, due - look()), LOOK));
      };
      const ring = (): void => {
        if (look() < due) return wait();
        pending.delete(key);
        act();
      };
      pending.set(key, wait);
      wait();
      return () => {
        clearTimeout(handle);
        pending.delete(key);
      };
    },
    pause() {
      look();
      isPaused = true;
      for (const wait of pending.values()) wait();
    },
    resume() {
      look();
      isPaused = false;
      for (const wait of pending.values()) wait();
    },
  };
}
