/** A run is a plan being carried out; its events are all that is known of it, and are written down before they count. */
import { outermostOf } from '../cmdlets/ref.js';
import type { Chain, Plan } from '../change/step.js';
import { ChainRun, type ChainDeps } from './chain-run.js';
import { isInterrupted, type RunDeps } from './deps.js';
import { isLifetime, LifetimeRun } from './lifetime-run.js';
import { outcomeOf, type RunHappening, type RunOutcome } from './record.js';

export async function runPlan(plan: Plan, deps: RunDeps): Promise<RunOutcome> {
  let isAllWritten = true;
  const record = async (happening: RunHappening): Promise<boolean> => {
    const isWritten = await deps.record(happening);
    isAllWritten &&= isWritten;
    return isWritten;
  };
  await record({ kind: 'started' });
  const chainDeps: ChainDeps = { ...deps, record, canBegin: () => isAllWritten && !isInterrupted(deps) };
  const outcome = outcomeOf(await Promise.all(plan.chains.map((chain) => runChain(plan, chain, chainDeps))));
  // It has no outcome then: the next start asks what becomes of the rest.
  if (isInterrupted(deps) && outcome !== 'done') return outcome;
  await record({ kind: 'ended', outcome });
  return outcome;
}

async function runChain(plan: Plan, chain: Chain, deps: ChainDeps): Promise<RunOutcome> {
  // What happens in a machine and what happens to it never overlap either.
  const release = await deps.lock(outermostOf(chain.vm));
  try {
    return await (isLifetime(chain) ? new LifetimeRun(plan, chain, deps) : new ChainRun(plan, chain, deps)).run();
  } finally {
    release();
  }
}
