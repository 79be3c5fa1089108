/** Where a VM stands with nesting, in one word; the page says it as a sentence with one button. */
import type { Check } from '../../src/core/checks/check.js';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import { nestingStatus } from '../../src/core/machine/nesting.js';
import { isRunningInside } from '../../src/core/machine/vm-state.js';

export type Standing =
  | { readonly kind: 'unread'; readonly count: number }
  | { readonly kind: 'moving' }
  | { readonly kind: 'inside'; readonly isCertain: boolean }
  | { readonly kind: 'on'; readonly while: 'off' | 'running' | 'still' | 'unread' }
  | { readonly kind: 'blocked'; readonly by: readonly Check[] }
  | { readonly kind: 'host-blocked' }
  | { readonly kind: 'saved' | 'paused' | 'ready' | 'ready-running' };

/** `isHostBlocked`: this PC cannot run nested VMs at all, as its checks say. */
export function standingOf(machine: Machine, vm: Vm, checks: readonly Check[], isHostBlocked: boolean): Standing {
  const status = nestingStatus(machine, vm);
  if (status.kind === 'unread' || status.power === 'unread')
    return { kind: 'unread', count: Math.max(1, vm.unread.length) };
  const { power } = status;
  if (power === 'moving') return { kind: 'moving' };
  if (status.kind === 'on') {
    if (isRunningInside(vm)) return { kind: 'inside', isCertain: vm.inside === 'certainly' };
    if (power === 'off') return { kind: 'on', while: 'off' };
    if (vm.inside === 'no') return { kind: 'on', while: 'running' };
    return { kind: 'on', while: power === 'running' ? 'unread' : 'still' };
  }
  if (isHostBlocked) return { kind: 'host-blocked' };
  const by = checks.filter(({ verdict }) => verdict === 'blocker');
  // The state alone is what a plan takes care of.
  if (by.some(({ id }) => id !== 'vm-state')) return { kind: 'blocked', by };
  return { kind: readyAs[power] };
}

const readyAs = { off: 'ready', running: 'ready-running', paused: 'paused', saved: 'saved' } as const;

const order: readonly Check['verdict'][] = ['blocker', 'warning', 'advice', 'unknown', 'ok'];

/** What needs something first, in the order of the checks; then what is fine. */
export function byUrgency(checks: readonly Check[]): readonly Check[] {
  return checks.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

export function countsOf(checks: readonly Check[]): Readonly<Record<Check['verdict'], number>> {
  const count = (verdict: Check['verdict']): number => checks.filter((check) => check.verdict === verdict).length;
  return {
    ok: count('ok'),
    advice: count('advice'),
    warning: count('warning'),
    blocker: count('blocker'),
    unknown: count('unknown'),
  };
}
