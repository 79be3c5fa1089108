/** MAC address spoofing of one VM or of many: adapters are told apart by their ids, VMs by what their adapters have. */
import type { VmRef } from '../../src/core/cmdlets/ref.js';
import { spoofingWant } from '../../src/core/change/one-click.js';
import type { AdapterId } from '../../src/core/cmdlets/call.js';
import type { VmsGoal } from '../../src/core/machine/goal.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { canChangeSpoofing } from '../../src/core/machine/vm-state.js';
import { ifRead } from '../../src/core/machine/reading.js';

type OnOff = 'On' | 'Off';

export interface SpoofingOfMany {
  /** VMs with an adapter that has it on, and with one that has it off: a VM of two adapters may be in both. */
  readonly on: readonly Vm[];
  readonly off: readonly Vm[];
  readonly adapters: readonly AdapterId[];
  /** How many of the adapters have it on. */
  readonly adaptersOn: number;
  /** VMs without an adapter that could change now. */
  readonly left: readonly Vm[];
}

/** As it is, or as it would be with what is chosen already. */
export function spoofingOf(vms: readonly Vm[], chosen: Readonly<Record<AdapterId, OnOff>> = {}): SpoofingOfMany {
  const valueOf = (id: AdapterId, is: OnOff): OnOff => chosen[id] ?? is;
  const each = vms.map((vm) => ({ vm, adapters: changeable(vm) }));
  const having = (wanted: OnOff): readonly Vm[] =>
    each.filter(({ adapters }) => adapters.some(({ id, is }) => valueOf(id, is) === wanted)).map(({ vm }) => vm);
  const all = each.flatMap(({ adapters }) => adapters);
  return {
    on: having('On'),
    off: having('Off'),
    adapters: all.map(({ id }) => id),
    adaptersOn: all.filter(({ id, is }) => valueOf(id, is) === 'On').length,
    left: each.filter(({ adapters }) => adapters.length === 0).map(({ vm }) => vm),
  };
}

const changeable = (vm: Vm): readonly { readonly id: AdapterId; readonly is: OnOff }[] =>
  canChangeSpoofing(vm)
    ? ifRead(vm.adapters, [], (all) => all.flatMap(({ id, macSpoofing: is }) => (is === undefined ? [] : [{ id, is }])))
    : [];

/** Every adapter of these VMs, of whichever PCs, that is not so yet. */
export function spoofingGoal(vms: readonly { readonly ref: VmRef; readonly vm: Vm }[], macSpoofing: OnOff): VmsGoal {
  const wants = vms.flatMap(({ ref, vm }) => {
    const adapters = changeable(vm).filter(({ is }) => is !== macSpoofing);
    return adapters.length === 0 ? [] : [{ vm: ref, want: spoofingWant(adapters, macSpoofing) }];
  });
  return { kind: 'vms', wants, consents: [] };
}
