/** The plan of a run as it was carried out: what was planned anew on the way stands in its place. Pure. */
import { keyOfVm } from '../machine/tree.js';
import type { Plan, StepId } from '../change/step.js';
import type { RunRecord } from './run.js';

export function carriedOut({ plan, events }: Pick<RunRecord, 'plan' | 'events'>): Plan {
  const ended = new Set<StepId>();
  const chains = new Map(plan.chains.map((chain) => [keyOfVm(chain), chain]));
  for (const event of events) {
    if (event.kind === 'step' && event.state !== 'running') ended.add(event.step);
    const before = event.kind === 'replanned' ? chains.get(event.vm) : undefined;
    if (event.kind !== 'replanned' || !before) continue;
    const steps = [
      ...before.steps.filter(({ id }) => ended.has(id)),
      ...event.chain.steps.filter(({ id }) => !ended.has(id)),
    ];
    chains.set(event.vm, { ...event.chain, steps });
  }
  return { ...plan, chains: [...chains.values()] };
}
