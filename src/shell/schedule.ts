/** When the machines are read next. Pure. */

/** Who may be looking: somebody at the window, nobody at it, or nobody at the PC at all. */
export type Pace = 'visible' | 'hidden' | 'away';

/** Milliseconds between ticks. */
const intervals: Readonly<Record<Pace, number>> = { visible: 2000, hidden: 15_000, away: 60_000 };
/** Seconds without a key or the mouse after which nobody is taken to be there. */
const awayAfter = 600;
/** A tick may take a tenth of the time at most: reading must never be what makes a slow host slow (ExHyperV#289). */
const restFactor = 10;
/** What fails is tried less and less often, down to this. */
const longestInterval = 300_000;
/** All VMs are read in full again after this: what a tick does not show (an adapter's switch, a setting of memory). */
const fullEvery = 600_000;

export function paceOf(isVisible: boolean, idleSeconds: number): Pace {
  if (idleSeconds >= awayAfter) return 'away';
  return isVisible ? 'visible' : 'hidden';
}

interface Last {
  readonly started: number;
  readonly took: number;
  /** Ticks in a row that failed, it among them. */
  readonly failures: number;
}

/** When the next tick may begin; `started` and the answer in milliseconds of one clock, `took` of the last tick. */
export function nextTick({ started, took, failures }: Last, pace: Pace): number {
  const backedOff = Math.min(intervals[pace] * 2 ** failures, Math.max(longestInterval, intervals[pace]));
  return started + Math.max(backedOff, took * restFactor);
}

/** Whether somebody has come back is asked so often: it costs no reading. */
export const lookUpEvery = (isVisible: boolean): number => intervals[isVisible ? 'visible' : 'hidden'];

/** Addresses and routes of this PC change when it joins another network: asked so often while a NAT network could meet them. */
const networkEvery = 60_000;

export const isNetworkDue = (lastNetwork: number, now: number): boolean => now - lastNetwork >= networkEvery;

export const isFullDue = (lastFull: number | undefined, now: number): boolean =>
  lastFull === undefined || now - lastFull >= fullEvery;
