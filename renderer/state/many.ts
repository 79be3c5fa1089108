/** What turning nesting on would mean for each of many VMs. */
import type { Check } from '../../src/core/checks/check.js';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import type { Listed } from './list.js';
import { standingOf } from './standing.js';

export type Prospect =
  | { readonly kind: 'changes'; readonly stops: 'nothing' | 'runs' | 'paused' }
  | { readonly kind: 'already' | 'unknown' }
  /** The wizard asks what to do; `by`: what stands in the way, undefined: a saved state. */
  | { readonly kind: 'decide'; readonly by: Check | undefined }
  | { readonly kind: 'blocked'; readonly by: Check | undefined };

export function prospectOf(machine: Machine, vm: Vm, checks: readonly Check[], isHostBlocked: boolean): Prospect {
  const standing = standingOf(machine, vm, checks, isHostBlocked);
  switch (standing.kind) {
    case 'ready':
      return { kind: 'changes', stops: 'nothing' };
    case 'ready-running':
      return { kind: 'changes', stops: 'runs' };
    case 'paused':
      return { kind: 'changes', stops: 'paused' };
    case 'saved':
      return { kind: 'decide', by: undefined };
    case 'inside':
    case 'on':
      return { kind: 'already' };
    case 'blocked': {
      // The state alone is what a plan takes care of.
      const by = standing.by.find(({ id }) => id !== 'vm-state');
      return { kind: by?.fix?.kind === 'vm' ? 'decide' : 'blocked', by };
    }
    case 'host-blocked':
      return { kind: 'blocked', by: undefined };
    case 'unread':
    case 'moving':
      return { kind: 'unknown' };
  }
}

/** `reason`: what stands in its way, in words, where something does. */
export interface Prospected extends Listed {
  readonly prospect: Prospect;
  readonly reason: string;
}

export interface ProspectGroup extends Pick<Prospected, 'prospect' | 'reason'> {
  readonly key: string;
  readonly vms: readonly Listed[];
}

const order: readonly string[] = ['decide', 'blocked', 'unknown', 'runs', 'paused', 'nothing', 'already'];
const kindOf = (prospect: Prospect): string => (prospect.kind === 'changes' ? prospect.stops : prospect.kind);

/** VMs that fare alike for the same reason, what needs something first. */
export function prospectGroups(each: readonly Prospected[]): readonly ProspectGroup[] {
  const groups = new Map<string, ProspectGroup & { readonly vms: Listed[] }>();
  for (const { ref, vm, prospect, reason } of each) {
    const key = `${kindOf(prospect)} ${reason}`;
    const group = groups.get(key);
    if (group) group.vms.push({ ref, vm });
    else groups.set(key, { key, prospect, reason, vms: [{ ref, vm }] });
  }
  return [...groups.values()].toSorted((a, b) => order.indexOf(kindOf(a.prospect)) - order.indexOf(kindOf(b.prospect)));
}
