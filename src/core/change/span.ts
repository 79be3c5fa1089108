/**
 * A change of VMs on several PCs: each PC has a plan of its own, and what is shown of them is one. It is made to be seen: what is carried
 * out, written down and undone are its parts.
 */
import { rootOf, thisPc, type HostId, type MachineRef, type VmRef } from '../cmdlets/ref.js';
import type { Consent, Goal, VmsGoal, Wish } from '../machine/goal.js';
import type { ScriptPart } from './script.js';
import type { Chain, Plan } from './step.js';

/** The plan of one PC, and how a person calls that. */
export interface PlanPart {
  readonly plan: Plan;
  readonly label: string;
}

/** The PCs that these are on, in the order in which they come first. */
export const rootsOf = (refs: readonly MachineRef[]): readonly HostId[] => [...new Set(refs.map(rootOf))];

/** The PCs that a plan is about, with those whose VMs are left out of it. */
export const pcsOf = ({ chains, blocked, gone = [] }: Pick<Plan, 'chains' | 'blocked' | 'gone'>): readonly HostId[] =>
  rootsOf([...chains, ...blocked, ...gone].map(({ vm }) => vm));

/** What is asked of each PC. */
export function goalsByPc<Want extends Wish>(goal: VmsGoal<Want>): ReadonlyMap<HostId, VmsGoal<Want>> {
  const pcs = rootsOf(goal.wants.map(({ vm }) => vm));
  return new Map(pcs.map((pc) => [pc, { ...goal, wants: goal.wants.filter(({ vm }) => rootOf(vm) === pc) }]));
}

/** Of an undo: what of it is asked of that PC. `run`: the run there. */
export function undoOn(goal: Extract<Goal, { kind: 'undo' }>, pc: HostId, run: string): Goal {
  const { also, only, ...rest } = goal;
  return {
    ...rest,
    run,
    ...(also && { also: also.filter(({ vm }) => rootOf(vm) === pc) }),
    ...(only && { only: only.filter((vm) => rootOf(vm) === pc) }),
  };
}

/** Two VMs of two PCs can have the same name, and the same id too. */
export const nameOn = (name: string, label: string): string => `${name}${between}${label}`;
const between = ' · ';
/** Where the PC is said already. */
export const nameAlone = (name: string, label: string): string => {
  const end = `${between}${label}`;
  return name.endsWith(end) ? name.slice(0, -end.length) : name;
};

/** Numbers that a part takes: those of its steps, and that of the reading at the end. */
const numbersOf = ({ chains }: Pick<Plan, 'chains'>): number =>
  chains.reduce((sum, { steps }) => sum + steps.length, 1);

/** What the numbers of each part grow by, so that they run on over the whole. */
export const numbersBefore = (plans: readonly Pick<Plan, 'chains'>[]): readonly number[] =>
  plans.map((_, index) => plans.slice(0, index).reduce((sum, plan) => sum + numbersOf(plan), 0));

/** A chain of a part as it stands in the whole. */
export const chainIn = (chain: Chain, label: string, by: number): Chain => ({
  ...chain,
  name: nameOn(chain.name, label),
  steps: chain.steps.map((step) => ({ ...step, number: step.number + by })),
});

/** `goal`: of the whole. Nothing of a part is lost, and nothing comes twice. */
export function joinPlans(whole: Pick<Plan, 'id' | 'goal'>, parts: readonly PlanPart[]): Plan {
  const before = numbersBefore(parts.map(({ plan }) => plan));
  const chains = parts.flatMap(({ plan, label }, index) =>
    plan.chains.map((chain) => chainIn(chain, label, before[index] ?? 0)),
  );
  const plans = parts.map(({ plan }) => plan);
  const remarks = plans.flatMap((plan) =>
    (plan.remarks ?? []).map((remark) => ({ ...remark, ...(plan.chains[0] && { at: rootOf(plan.chains[0].vm) }) })),
  );
  const gone = parts.flatMap(({ plan, label }) => named(plan.gone ?? [], label));
  return {
    ...whole,
    wants: plans.flatMap(({ wants }) => wants),
    readAt: plans.map(({ readAt }) => readAt).toSorted()[0] ?? '',
    chains,
    consents: joinConsents(plans.flatMap(({ consents }) => consents)),
    oneWay: plans.flatMap(({ oneWay }) => oneWay),
    ...(remarks.length > 0 && { remarks }),
    blocked: parts.flatMap(({ plan, label }) => named(plan.blocked, label)),
    ...(gone.length > 0 && { gone }),
  };
}

/** VMs of one PC, as the whole calls them. */
export const named = <One extends { readonly name: string }>(vms: readonly One[], label: string): readonly One[] =>
  vms.map((one) => ({ ...one, name: nameOn(one.name, label) }));

/** Each is agreed to once. It is given where it is given for all. */
function joinConsents(all: Plan['consents']): Plan['consents'] {
  const kinds = new Set<Consent>(all.map(({ consent }) => consent));
  return [...kinds].map((consent) => {
    const same = all.filter((one) => one.consent === consent);
    return { consent, vms: same.flatMap(({ vms }) => vms), given: same.every(({ given }) => given) };
  });
}

/** What of a plan is of that PC, its VMs by their own names. */
export function planOn(plan: Plan, pc: HostId, label: string): Plan {
  const isThere = ({ vm }: { readonly vm: VmRef }): boolean => rootOf(vm) === pc;
  const alone = <One extends { readonly vm: VmRef; readonly name: string }>(all: readonly One[]): readonly One[] =>
    all.filter(isThere).map((one) => ({ ...one, name: nameAlone(one.name, label) }));
  const { remarks, gone, ...rest } = plan;
  const own = remarks?.filter(({ at }) => at === undefined || at === pc) ?? [];
  return {
    ...rest,
    wants: plan.wants.filter(isThere),
    chains: alone(plan.chains),
    consents: plan.consents.flatMap((one) => {
      const vms = one.vms.filter((vm) => rootOf(vm) === pc);
      return vms.length > 0 ? [{ ...one, vms }] : [];
    }),
    oneWay: plan.oneWay.filter(isThere),
    ...(own.length > 0 && { remarks: own }),
    blocked: alone(plan.blocked),
    ...(gone && { gone: alone(gone) }),
  };
}

/** The scripts of the parts, one behind the other: a person runs each of them on its own PC. */
export function joinScripts(scripts: readonly (readonly ScriptPart[])[]): readonly ScriptPart[] {
  let before = 0;
  return scripts.flatMap((script) => {
    const by = before;
    before += Math.max(0, ...script.map(({ number }) => number));
    return script.map((part) => ({ ...part, number: part.number + by }));
  });
}

export const scriptOn = (script: readonly ScriptPart[], pc: HostId): readonly ScriptPart[] =>
  script.filter(({ at }) => rootOf(at) === pc);

/**
 * The PC on which alone it runs what is about these without the app, where there are others: a VM of one of them can have the same id.
 * `of`: chosen of several. undefined: there is no other, or it is of several.
 */
export function boundTo(
  refs: readonly MachineRef[],
  { hosts }: { readonly hosts: readonly unknown[] },
  of?: HostId,
): HostId | undefined {
  const [pc, ...more] = of === undefined ? rootsOf(refs) : [of];
  const hasOthers = of !== undefined || pc !== thisPc || hosts.length > 0;
  return more.length === 0 && hasOthers ? pc : undefined;
}
