/** Simulated time. Nothing in the simulator asks the computer for the time; a clock is handed in. */

export interface Clock {
  /** Milliseconds since 1970, simulated. */
  now(): number;
  /** Calls `act` after so many simulated milliseconds; the answer takes it back. */
  after(milliseconds: number, act: () => void): () => void;
}

/** Wakes after so many simulated seconds, or early when the signal aborts; never blocks. */
export function sleep(clock: Clock, seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      takeBack();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const takeBack = clock.after(seconds * 1000, done);
    signal?.addEventListener('abort', done);
  });
}

/** Follows the real time, `speed` times as fast. A start makes a demo begin at the same moment each time. */
export function realClock({ speed = 1, start = Date.now() }: { speed?: number; start?: number } = {}): Clock {
  const began = performance.now();
  return {
    now: () => Math.round(start + (performance.now() - began) * speed),
    after(milliseconds, act) {
      const timer = setTimeout(act, milliseconds / speed);
      return () => clearTimeout(timer);
    },
  };
}

export interface ManualClock extends Clock {
  /** Moves time on, waking what is due in order; what wakes may set new alarms within the span. */
  advance(seconds: number): Promise<void>;
  /** How many wait to be woken. */
  readonly waiting: number;
}

/** Letting everything that is ready run before time moves. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The moment at which all scenarios begin. */
export const epoch = Date.UTC(2026, 10, 24, 9, 0, 0);

/**
 * Time that stands still until it is moved. With `auto` it jumps to the next alarm as soon as nothing else is left to do, so
 * that a plan of minutes runs without waiting.
 */
export function manualClock({ auto = false, start = epoch }: { auto?: boolean; start?: number } = {}): ManualClock {
  let now = start;
  let order = 0;
  let jumping = false;
  const alarms = new Set<{ at: number; order: number; act: () => void }>();
  const next = () => {
    let first: { at: number; order: number; act: () => void } | undefined;
    for (const alarm of alarms)
      if (!first || alarm.at < first.at || (alarm.at === first.at && alarm.order < first.order)) first = alarm;
    return first;
  };
  const jump = async () => {
    if (jumping) return;
    jumping = true;
    // Two turns: what a just woken caller does next (another call, another alarm) comes before the next jump.
    for (await settle(), await settle(); alarms.size > 0; await settle(), await settle()) {
      const alarm = next();
      if (!alarm) break;
      alarms.delete(alarm);
      now = Math.max(now, alarm.at);
      alarm.act();
    }
    jumping = false;
  };
  return {
    now: () => now,
    after(milliseconds, act) {
      const alarm = { at: now + milliseconds, order: order++, act };
      alarms.add(alarm);
      if (auto) void jump();
      return () => alarms.delete(alarm);
    },
    async advance(seconds) {
      const end = now + seconds * 1000;
      for (;;) {
        await settle();
        const alarm = next();
        if (!alarm || alarm.at > end) break;
        alarms.delete(alarm);
        now = alarm.at;
        alarm.act();
      }
      now = end;
      await settle();
    },
    get waiting() {
      return alarms.size;
    },
  };
}
