/** The time of deadlines: it stands still while the PC sleeps, or every call under way would time out on waking. */
import type { SessionClock } from './session.js';

export interface PausableClock extends SessionClock {
  pause(): void;
  resume(): void;
}

interface Timer {
  left: number;
  started: number;
  handle: NodeJS.Timeout | undefined;
  readonly act: () => void;
}

export function pausableClock(now: () => number = () => performance.now()): PausableClock {
  const timers = new Set<Timer>();
  let isPaused = false;
  const run = (timer: Timer): void => {
    timer.started = now();
    timer.handle = setTimeout(() => {
      timers.delete(timer);
      timer.act();
    }, timer.left);
  };
  return {
    after(milliseconds, act) {
      const timer: Timer = { left: milliseconds, started: now(), handle: undefined, act };
      timers.add(timer);
      if (!isPaused) run(timer);
      return () => {
        clearTimeout(timer.handle);
        timers.delete(timer);
      };
    },
    pause() {
      if (isPaused) return;
      isPaused = true;
      for (const timer of timers) {
        clearTimeout(timer.handle);
        timer.left = Math.max(0, timer.left - (now() - timer.started));
      }
    },
    resume() {
      if (!isPaused) return;
      isPaused = false;
      for (const timer of timers) run(timer);
    },
  };
}
