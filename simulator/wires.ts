/** Layer 2: how far a frame gets. A card is plugged into a switch; an external switch goes on through a card of its own machine. */
import type { NetCard, OutsideNetwork } from './network.js';
import type { AdapterSettings, SimulatedMachine, SimulatedSwitch, SimulatedVm, World } from './world.js';

export type Wire =
  { readonly machine: SimulatedMachine; readonly switch: SimulatedSwitch } | { readonly network: OutsideNetwork };

/** Why a frame got no further. */
export type Stop = 'not-connected' | 'spoofing-off' | 'wifi';

export interface Climb {
  /** From the nearest to the farthest. */
  readonly wires: readonly Wire[];
  readonly stop: Stop | null;
}

export interface Outer {
  readonly machine: SimulatedMachine;
  readonly vm: SimulatedVm;
}

/** The VM that a machine is, and the machine that it is on; null: it is the PC itself. */
export function outerOf(world: World, machine: SimulatedMachine): Outer | null {
  return machine === world.host ? null : searchIn(world.host, machine);
}
function searchIn(outer: SimulatedMachine, wanted: SimulatedMachine): Outer | null {
  for (const vm of outer.vms.values()) {
    if (!vm.guest.machine) continue;
    if (vm.guest.machine === wanted) return { machine: outer, vm };
    const deeper = searchIn(vm.guest.machine, wanted);
    if (deeper) return deeper;
  }
  return null;
}

/** All that a frame of this card reaches. */
export function climb(world: World, machine: SimulatedMachine, card: NetCard): Climb {
  if ('switch' in card.plug) return fromSwitch(world, machine, card.plug.switch, card.mac ?? '');
  return fromCard(world, machine, card, card.mac ?? '');
}

/** All that a frame of this adapter of a VM reaches. */
export const climbFrom = (world: World, machine: SimulatedMachine, adapter: AdapterSettings): Climb =>
  fromSwitch(world, machine, adapter.switchId, adapter.macAddress);

function fromSwitch(world: World, machine: SimulatedMachine, id: string | null, mac: string): Climb {
  const found = machine.switches.find((one) => one.id === id);
  if (!found) return { wires: [], stop: 'not-connected' };
  const here: Wire = { machine, switch: found };
  const card = machine.network.cards.find(({ description }) => description === found.adapterDescription);
  if (found.type !== 'External' || !card) return { wires: [here], stop: null };
  const further = fromCard(world, machine, card, mac);
  return { wires: [here, ...further.wires], stop: further.stop };
}

function fromCard(world: World, machine: SimulatedMachine, card: NetCard, mac: string): Climb {
  const { plug } = card;
  if ('outside' in plug) {
    const network = world.networks.find(({ name }) => name === plug.outside);
    if (!network) return { wires: [], stop: 'not-connected' };
    // Windows translates the addresses of its own VMs on a wireless card; frames from VMs inside those are usually dropped.
    const isOwn = () => card.mac === mac || [...machine.vms.values()].some((vm) => ownsMac(vm, mac));
    if (card.wireless && world.folklore.wifiDropsForeignFrames && !isOwn()) return { wires: [], stop: 'wifi' };
    return { wires: [{ network }], stop: null };
  }
  const outer = outerOf(world, machine);
  if (!('adapter' in plug) || !outer) return { wires: [], stop: 'not-connected' };
  const adapter = outer.vm.settings.adapters.find(({ macAddress }) => macAddress === plug.adapter);
  if (!adapter) return { wires: [], stop: 'not-connected' };
  if (adapter.macAddress !== mac && adapter.macSpoofing !== 'On') return { wires: [], stop: 'spoofing-off' };
  return fromSwitch(world, outer.machine, adapter.switchId, mac);
}

const ownsMac = (vm: SimulatedVm, mac: string) => vm.settings.adapters.some(({ macAddress }) => macAddress === mac);
