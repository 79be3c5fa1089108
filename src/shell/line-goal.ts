/** What is wanted on a command line, as a goal for the VMs that it calls, or why it calls none. Pure. */
import { thisPc, vmIn } from '../core/cmdlets/ref.js';
import { spoofingWant } from '../core/change/one-click.js';
import type { Called } from '../core/machine/called.js';
import type { Goal } from '../core/machine/goal.js';
import type { Vm } from '../core/machine/machine.js';
import { ifRead } from '../core/machine/reading.js';
import type { LineWant } from './command-line.js';

/** undefined: it is about adapters that could not be read. */
export function goalOf(vms: readonly Vm[], { nesting, spoofing }: LineWant): Goal | undefined {
  const wants = vms.flatMap((vm) => {
    const adapters =
      spoofing === undefined ? {} : ifRead(vm.adapters, undefined, (all) => spoofingWant(all, spoofing ? 'On' : 'Off'));
    if (adapters === undefined) return [];
    return [{ vm: vmIn(thisPc, vm.id), want: { ...(nesting !== undefined && { nesting }), ...adapters } }];
  });
  return wants.length < vms.length ? undefined : { kind: 'vms', wants, consents: [] };
}

export const callOf = ({ id, name }: Pick<Vm, 'id' | 'name'>) => ({ id, name });

/** What is answered to words that call no VMs: of a name that several have, all of them. */
export const notCalled = (called: Exclude<Called, { readonly kind: 'found' }>) => ({
  why: called.kind === 'unknown' ? ('unknown-vm' as const) : ('several-vms' as const),
  word: called.word,
  vms: called.kind === 'unknown' ? [] : called.vms.map(callOf),
});
