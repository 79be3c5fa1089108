/** How long power steps took before: what a plan says of the time to come. */
import { keyOfVm, type PathKey } from '../machine/tree.js';
import type { Estimate } from '../change/step.js';
import type { RunRecord } from './run.js';

/** Seconds that shutting down and starting took the last time, for each VM. Records: the newest first. */
export function estimatesOf(records: readonly RunRecord[]): ReadonlyMap<PathKey, Estimate> {
  const estimates = new Map<PathKey, Estimate>();
  for (const { events, plan } of records.toReversed()) {
    const begun = new Map<string, number>();
    for (const event of events) {
      if (event.kind !== 'step') continue;
      if (event.state === 'running') begun.set(event.step, event.elapsed);
      const from = begun.get(event.step);
      if (event.state !== 'done' || from === undefined) continue;
      const seconds = Math.round(event.elapsed - from);
      const power = plan.chains.find((chain) => keyOfVm(chain) === event.vm)?.power;
      const known = estimates.get(event.vm) ?? {};
      if (power?.down.includes(event.step)) estimates.set(event.vm, { ...known, down: seconds });
      if (power?.up.includes(event.step)) estimates.set(event.vm, { ...known, up: seconds });
    }
  }
  return estimates;
}
