/** What undoing a whole plan would run, before anything of it has run: for the review. */
import { idOf, hostOf } from '../cmdlets/ref.js';
import type { ChangePath, Goal, PlannedGoal, PlannedWant } from '../machine/goal.js';
import type { Machine } from '../machine/machine.js';
import { machineAt, withMachine } from '../machine/tree.js';
import { foreseen, isCheckpoint, withThing } from '../network/things.js';
import { planWants } from './plan.js';
import { removalChain } from './removal.js';
import type { Chain, Plan, Value } from './step.js';
import { isOneWay, mergeWants, wantFor, withValue } from './values.js';
import { ifRead } from '../machine/reading.js';

/** As if the plan had been carried out. */
export function inverseOf(machine: Machine, plan: Plan): Pick<Plan, 'chains'> {
  if (plan.goal.kind === 'create') return { chains: plan.chains.map((chain) => removed(machine, plan.id, chain)) };
  const after = plan.chains.reduce((all, chain) => carriedOut(all, chain), machine);
  const wants = plan.chains.map(({ vm, steps }): PlannedGoal => {
    const first = new Map<ChangePath, Value>();
    for (const { path, from } of steps.flatMap((step) => step.changes)) if (!first.has(path)) first.set(path, from);
    const want = [...first.keys()]
      .filter((path) => !isOneWay(path))
      .reduce<PlannedWant>((all, path) => mergeWants(all, wantFor(path, first.get(path) ?? null)), {});
    const remove = steps.flatMap(({ makes }) => (makes && !isCheckpoint(makes) ? [foreseen(makes)] : []));
    return { vm, want: remove.length > 0 ? { ...want, remove } : want };
  });
  const goal: Goal = { kind: 'undo', run: plan.id, consents: [] };
  const result = planWants(after, goal, wants, { id: `${plan.id}-back` });
  return { chains: result.kind === 'ready' ? result.plan.chains : [] };
}

function removed(machine: Machine, plan: string, { vm, name, steps }: Chain): Chain {
  const things = steps.flatMap(({ makes }) => (makes ? [foreseen(makes)] : []));
  return removalChain(machine, vm, name, things, { plan: `${plan}-back`, first: 1 }, () => true);
}

/** The machine as a chain will have left it: values written, things made. */
function carriedOut(root: Machine, { vm: ref, steps }: Chain): Machine {
  const [at, id] = [hostOf(ref), idOf(ref)];
  const around = machineAt(root, at);
  if (!around) return root;
  const makes = steps.flatMap((step) => step.makes ?? []);
  const vms = ifRead(around.vms, undefined, (all) =>
    all.map((vm) => {
      if (vm.id !== id) return vm;
      const written = steps
        .flatMap(({ changes }) => changes)
        .reduce((made, { path, to }) => withValue(made, path, to), vm);
      const { guest } = written;
      const inside = makes.filter((thing) => thing.at === ref);
      return guest && inside.length > 0 ? { ...written, guest: inside.reduce(withThing, guest) } : written;
    }),
  );
  const after = makes.filter((thing) => thing.at === at).reduce<Machine>(withThing, { ...around, vms });
  return withMachine(root, at, after);
}
