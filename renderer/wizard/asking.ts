/** What a wizard asks main for. An answer that never came is a failure without words of Windows. */
import type { VmRef } from '../../src/core/cmdlets/ref.js';
import type { Failure } from '../../src/core/cmdlets/call.js';
import type { Consent, Goal, VmGoal } from '../../src/core/machine/goal.js';
import type { Plan } from '../../src/core/change/step.js';
import { stillWanted } from '../../src/core/run/checkpoints.js';
import type { RunRecord } from '../../src/core/run/record.js';
import type { ShownPlan, StartResult } from '../../src/ipc/schema.js';
import { api } from '../api.js';
import { agreedTo } from './consents.js';

interface NotRead {
  readonly kind: 'unreadable';
  readonly failure: Failure | undefined;
}
const unanswered: NotRead = { kind: 'unreadable', failure: undefined };

export async function planFor(goal: Goal): Promise<{ readonly kind: 'shown'; readonly shown: ShownPlan } | NotRead> {
  try {
    const fresh = await api.plan({ goal });
    return 'kind' in fresh ? fresh : { kind: 'shown', shown: fresh };
  } catch {
    return unanswered;
  }
}

type StartAnswer = StartResult | NotRead;
export type NotStarted = Exclude<StartAnswer, { kind: 'started' }>;

export async function startOf(plan: Plan, given: ReadonlySet<Consent>): Promise<StartAnswer> {
  try {
    return await api.start({ plan: plan.id, consents: [...agreedTo(plan, given)] });
  } catch {
    return unanswered;
  }
}

/** The same wants of one VM again, or of all: the planner leaves out what is so already. */
export function goalAgain(
  plan: Plan,
  record: RunRecord | undefined,
  only: VmRef | undefined,
  consents: readonly Consent[],
): Goal {
  if (plan.goal.kind === 'undo' && only === undefined) return { ...plan.goal, consents };
  const wants = (record ? stillWanted(plan.wants, record) : plan.wants)
    .filter((one) => only === undefined || one.vm === only)
    .map((one): VmGoal => {
      const power = plan.chains.find((chain) => chain.vm === one.vm)?.power;
      // It ran before, and may be off now because the run stopped half-way: it runs again after.
      return power?.after === 'running' ? { ...one, want: { power: 'running', ...one.want } } : one;
    });
  return { kind: 'vms', wants, consents };
}
