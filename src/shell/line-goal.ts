/** What is wanted on a command line, as a goal for the VMs that it calls. Pure. */
import { thisPc, vmIn } from '../core/cmdlets/ref.js';
import type { Goal, VmWant } from '../core/machine/goal.js';
import type { Vm } from '../core/machine/machine.js';
import { ifRead } from '../core/machine/reading.js';
import type { LineWant } from './command-line.js';

/** undefined: it is about adapters that could not be read. */
export function goalOf(vms: readonly Vm[], { nesting, spoofing }: LineWant): Goal | undefined {
  const wants = vms.flatMap((vm) => {
    const adapters = spoofing === undefined ? {} : spoofingOf(vm, spoofing);
    if (adapters === undefined) return [];
    const want = { ...(nesting !== undefined && { nesting }), ...(spoofing !== undefined && { adapters }) };
    return [{ vm: vmIn(thisPc, vm.id), want }];
  });
  return wants.length < vms.length ? undefined : { kind: 'vms', wants, consents: [] };
}

const spoofingOf = ({ adapters }: Vm, isOn: boolean): VmWant['adapters'] | undefined =>
  ifRead(adapters, undefined, (all) =>
    Object.fromEntries(all.map(({ id }) => [id, { macSpoofing: isOn ? 'On' : 'Off' } as const])),
  );
