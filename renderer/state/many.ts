/** What turning nesting on would mean for each of many VMs. */
import type { Check } from '../../src/core/checks/check.js';
import type { Vm } from '../../src/core/machine.js';
import { standingOf } from './standing.js';

export type Prospect =
  | { readonly kind: 'changes'; readonly stops: 'nothing' | 'runs' | 'paused' }
  | { readonly kind: 'already' | 'decide' | 'unknown' }
  | { readonly kind: 'blocked'; readonly by: Check | undefined };

export function prospectOf(vm: Vm, checks: readonly Check[], isHostBlocked: boolean): Prospect {
  const standing = standingOf(vm, checks, isHostBlocked);
  switch (standing.kind) {
    case 'ready':
      return { kind: 'changes', stops: 'nothing' };
    case 'ready-running':
      return { kind: 'changes', stops: 'runs' };
    case 'paused':
      return { kind: 'changes', stops: 'paused' };
    case 'saved':
      return { kind: 'decide' };
    case 'inside':
    case 'on':
      return { kind: 'already' };
    case 'blocked':
      return { kind: 'blocked', by: standing.by[0] };
    case 'host-blocked':
      return { kind: 'blocked', by: undefined };
    case 'unread':
    case 'moving':
      return { kind: 'unknown' };
  }
}
