/** Changes that need no page of their own: planned, and started when nothing has to be agreed to. */
import { rootOf, vmIn, type VmRef } from '../../src/core/cmdlets/ref.js';
import type { RunId, VmWant, VmsGoal, Wish } from '../../src/core/machine/goal.js';
import { howToChange, oneClick, type OneClick, type Planner } from '../../src/core/change/one-click.js';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import type { StepId } from '../../src/core/change/setup.js';
import { api } from '../api.js';
import { app, t } from './app.svelte.js';
import { route, type Route } from './route.svelte.js';
import { toasts } from './toasts.svelte.js';

export const goalFor = <Want extends Wish>(vms: readonly VmRef[], want: Want) => ({
  kind: 'vms' as const,
  wants: vms.map((vm) => ({ vm, want })),
  consents: [],
});

/** On the PCs of these VMs: one of them is shown then, whichever is by now. `setup`: the step of the setup that asks for it, and that it leads back to. */
export function review(vms: readonly VmRef[], want: Wish, setup?: StepId): void {
  reviewGoal(goalFor(vms, want), setup);
}

export function reviewGoal(goal: VmsGoal<Wish>, setup?: StepId): void {
  const pcs = goal.wants.map(({ vm }) => rootOf(vm));
  const [first] = pcs;
  if (first && !pcs.includes(app.at)) app.turnTo(first);
  // It was removed meanwhile.
  if (first && !pcs.includes(app.at)) return;
  route.go({ page: 'wizard', goal, ...(setup && { setup }) });
}

/** To a page that can be of another PC than the one that is shown: its own is shown then. */
export function goTo(to: Route): void {
  if ('vm' in to && to.vm) app.turnTo(rootOf(to.vm));
  route.go(to);
}

/** Main makes and carries out the plans. */
export const planner: Planner = {
  plan: async (goal) => {
    const shown = await api.plan({ goal });
    return 'kind' in shown ? shown.failure : shown;
  },
  start: (plan) => api.start({ plan, consents: [] }),
};

/** A change of one setting of a VM, by the rule that the tray goes by too. The run that it has started, or null. */
export async function change(machine: Machine, vm: Vm, want: VmWant): Promise<RunId | null> {
  const ref = vmIn(machine.at, vm.id);
  if (howToChange(machine, vm, want) === 'now') return await doNow(ref, vm.name, want);
  review([ref], want);
  return null;
}

/** Does it now; opens the wizard where something must be agreed to, and says why where it cannot be done. */
export async function doNow(vm: VmRef, name: string, want: VmWant): Promise<RunId | null> {
  try {
    const click = await oneClick(planner, goalFor([vm], want));
    if (click.kind === 'started') return click.run;
    if (click.kind === 'review') review([vm], want);
    else sayNot(name, click);
  } catch {
    sayRefused();
  }
  return null;
}

/** The screen of a VM of this PC, in the window that Windows has for it. */
export async function connect(vm: VmRef, name: string): Promise<void> {
  const { ok } = await api.connect({ vm });
  if (ok) return;
  const key = app.of(rootOf(vm))?.source.kind === 'simulated' ? 'machines.connectSimulated' : 'machines.connectFailed';
  toasts.say({ verdict: 'warning', text: t(key, { name }) });
}

export async function copyId({ id }: Vm): Promise<void> {
  await api.copyText({ text: id });
  toasts.say({ verdict: 'ok', text: t('machines.copiedId') });
}

/** Why nothing was changed. */
export function sayNot(name: string, click: Exclude<OneClick, { readonly kind: 'started' | 'review' }>): void {
  if (click.kind === 'already') toasts.say({ verdict: 'ok', text: t('machines.quickAlready', { name }) });
  else
    toasts.say({
      verdict: click.by === 'check' ? 'blocker' : 'warning',
      text: t('machines.quickFailed', { name, why: t.message(click.why) }),
    });
}

/** Main did not answer. */
export const sayRefused = (): void => toasts.say({ verdict: 'warning', text: t('machines.quickRefused') });
