/** Changes that need no page of their own: planned, and started when nothing has to be agreed to. */
import { noWords, type Words } from '../../src/text/index.js';
import type { Failure, Guid, MachineRef } from '../../src/core/cmdlets/call.js';
import type { Check } from '../../src/core/checks/check.js';
import { titleOfFailure } from '../../src/core/errors/failures.js';
import type { Goal, VmWant } from '../../src/core/machine/goal.js';
import { howToChange, needsReview } from '../../src/core/change/one-click.js';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import type { StepId } from '../../src/core/change/setup.js';
import { api } from '../api.js';
import { app } from './app.svelte.js';
import { route } from './route.svelte.js';
import { toasts } from './toasts.svelte.js';

/** `at`: the machine that the VMs are in; this PC where it is not said. */
export const goalFor = (vms: readonly Guid[], want: VmWant, at: MachineRef = []): Goal => ({
  kind: 'vms',
  wants: vms.map((vm) => ({ at, vm, want })),
  consents: [],
});

/** `setup`: the step of the setup that asks for it, and that it leads back to. */
export function review(vms: readonly Guid[], want: VmWant, at?: MachineRef, setup?: StepId): void {
  route.go({ page: 'wizard', goal: goalFor(vms, want, at), ...(setup && { setup }) });
}

type Started = { readonly kind: 'started'; readonly run: string } | { readonly kind: 'no' };

/** A change of one setting of a VM, by the rule that the tray goes by too. */
export async function change(machine: Machine, vm: Vm, want: VmWant): Promise<Started> {
  if (howToChange(machine, vm, want) === 'now') return await doNow(vm, want, machine.at);
  review([vm.id], want, machine.at);
  return { kind: 'no' };
}

/** Does it now; opens the wizard where something must be agreed to, and says why where it cannot be done. */
export async function doNow(
  vm: { readonly id: Guid; readonly name: string },
  want: VmWant,
  at?: MachineRef,
): Promise<Started> {
  const goal = goalFor([vm.id], want, at);
  const { t } = app;
  try {
    const shown = await api.plan({ goal });
    if ('kind' in shown) {
      sayRefused(vm.name, shown.failure);
      return { kind: 'no' };
    }
    const { result } = shown;
    if (result.kind === 'already-so') {
      toasts.say({ verdict: 'ok', text: t('machines.quickAlready', { name: vm.name }) });
      return { kind: 'no' };
    }
    if (result.kind === 'blocked') {
      const [why] = result.by.flatMap(({ checks }) => checks);
      toasts.say({ verdict: 'blocker', text: t('machines.quickFailed', { name: vm.name, why: whyOf(why) }) });
      return { kind: 'no' };
    }
    if (needsReview(result.plan)) {
      route.go({ page: 'wizard', goal });
      return { kind: 'no' };
    }
    const started = await api.start({ plan: result.plan.id, consents: [] });
    if (started.kind === 'started') return { kind: 'started', run: started.run };
    if (started.kind === 'unreadable') {
      sayRefused(vm.name, started.failure);
      return { kind: 'no' };
    }
    // What it rested on changed in between: looked at, not done blindly.
    route.go({ page: 'wizard', goal });
  } catch {
    sayRefused(vm.name);
  }
  return { kind: 'no' };
}

/** The screen of a VM of this PC, in the window that Windows has for it. */
export async function connect({ id, name }: { readonly id: Guid; readonly name: string }): Promise<void> {
  const { ok } = await api.connect({ vm: id });
  if (ok) return;
  const key = app.state?.source.kind === 'simulated' ? 'machines.connectSimulated' : 'machines.connectFailed';
  toasts.say({ verdict: 'warning', text: app.t(key, { name }) });
}

/** Nothing was changed; why, where Windows said so. */
export function sayRefused(name: string, failure?: Failure): void {
  const { t } = app;
  const text = failure
    ? t('machines.quickFailed', { name, why: t.message(titleOfFailure(failure)) })
    : t('machines.quickRefused');
  toasts.say({ verdict: 'warning', text });
}

const whyOf = (check: Check | undefined): Words => (check ? app.t.message(check.title) : noWords);
