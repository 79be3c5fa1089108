/**
 * Acts of somebody else that are asked for over the pipe, as another tool would do them: only where a simulated shell is served,
 * which is while developing and testing, never in a packaged app.
 */
import type { Outside } from './outside.js';
import type { SimulatedVm } from './world.js';

type Given = Readonly<Record<string, unknown>>;

const textOf = (given: Given, name: string): string => {
  const value = given[name];
  if (typeof value !== 'string') throw new Error(`${name} is no text`);
  return value;
};

const vmOf = (outside: Outside, given: Given): SimulatedVm => outside.vm(textOf(given, 'vm'));

/** VMs and checkpoints by name, as a person has them before the eyes. */
const acts: Readonly<Record<string, (outside: Outside, given: Given) => void>> = {
  nesting: (outside, given) => outside.set(vmOf(outside, given).id, { nesting: given['on'] === true }),
  checkpoint: (outside, given) => void outside.checkpoint(vmOf(outside, given).id, textOf(given, 'name')),
  applyCheckpoint(outside, given) {
    const vm = vmOf(outside, given);
    const checkpoint = vm.checkpoints.find(({ name }) => name === textOf(given, 'name'));
    outside.applyCheckpoint(vm.id, checkpoint?.id ?? '');
  },
  hypervisor: (outside, given) => outside.hypervisor(vmOf(outside, given).id, given['on'] === true),
  service: (outside, given) => outside.service(textOf(given, 'name'), textOf(given, 'state')),
  connectVpn: (outside, given) =>
    outside.connectVpn(textOf(given, 'name'), textOf(given, 'address'), [textOf(given, 'prefix')]),
  loseGroup: (outside) => outside.loseGroup(),
};

/** Throws for an act that there is not, or that cannot be done. */
export function actOutside(outside: Outside, given: Given): void {
  const act = acts[textOf(given, 'act')];
  if (!act) throw new Error('no such act');
  act(outside, given);
}
