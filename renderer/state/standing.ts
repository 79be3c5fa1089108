/** Where a VM stands with nesting, in one word; the page says it as a sentence with one button. */
import type { Check } from '../../src/core/checks/check.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { isSaved, isTransitional, plainState } from '../../src/core/machine/vm-state.js';

export type Standing =
  | { readonly kind: 'unread'; readonly count: number }
  | { readonly kind: 'moving' }
  | { readonly kind: 'inside'; readonly isCertain: boolean }
  | { readonly kind: 'on'; readonly while: 'off' | 'running' | 'still' | 'unread' }
  | { readonly kind: 'blocked'; readonly by: readonly Check[] }
  | { readonly kind: 'host-blocked' }
  | { readonly kind: 'saved' | 'paused' | 'ready' | 'ready-running' };

/** `isHostBlocked`: this PC cannot run nested VMs at all. */
export function standingOf(vm: Vm, checks: readonly Check[], isHostBlocked: boolean): Standing {
  if (vm.state === undefined || vm.nesting === undefined)
    return { kind: 'unread', count: Math.max(1, vm.unread.length) };
  if (isTransitional(vm.state)) return { kind: 'moving' };
  const state = plainState(vm.state);
  if (vm.nesting) {
    if (vm.inside === 'certainly' || vm.inside === 'probably')
      return { kind: 'inside', isCertain: vm.inside === 'certainly' };
    if (state === 'Off') return { kind: 'on', while: 'off' };
    if (vm.inside === 'no') return { kind: 'on', while: 'running' };
    return { kind: 'on', while: state === 'Running' ? 'unread' : 'still' };
  }
  if (isHostBlocked) return { kind: 'host-blocked' };
  const by = checks.filter(({ verdict }) => verdict === 'blocker');
  // The state alone is what a plan takes care of.
  if (by.some(({ id }) => id !== 'vm-state')) return { kind: 'blocked', by };
  if (isSaved(vm.state)) return { kind: 'saved' };
  if (state === 'Paused') return { kind: 'paused' };
  return { kind: state === 'Running' ? 'ready-running' : 'ready' };
}

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
