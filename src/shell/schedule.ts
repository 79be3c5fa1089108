/** When the machines are read next. Pure. */

/** Milliseconds between ticks while somebody can see the window, and while nobody can. */
const intervals = { visible: 2000, hidden: 15_000 } as const;
/** A tick may take a tenth of the time at most: reading must never be what makes a slow host slow (ExHyperV#289). */
const restFactor = 10;
/** All VMs are read in full again after this: what a tick does not show (an adapter's switch, a setting of memory). */
const fullEvery = 600_000;

/** When the next tick may begin; `started` and the answer in milliseconds of one clock, `took` of the last tick. */
export function nextTick(last: { readonly started: number; readonly took: number }, isVisible: boolean): number {
  const interval = isVisible ? intervals.visible : intervals.hidden;
  return last.started + Math.max(interval, last.took * restFactor);
}

export const isFullDue = (lastFull: number | undefined, now: number): boolean =>
  lastFull === undefined || now - lastFull >= fullEvery;

/** Counters are sampled again after this, so that a hypervisor that begins to run inside a VM is noticed. */
const sampleEvery = 10_000;
/** Tries that are made at once while it is not known; then at the usual pace (two VMs of one name stay unknown). */
const eagerSamples = 3;

export function isSampleDue(
  { lastSample, unknown, tries }: { lastSample: number | undefined; unknown: boolean; tries: number },
  now: number,
): boolean {
  if (lastSample === undefined || (unknown && tries < eagerSamples)) return true;
  return now - lastSample >= sampleEvery;
}
