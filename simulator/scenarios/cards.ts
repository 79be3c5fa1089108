/** The cards of a machine: its own, one for each adapter of the VM that it is, and its ends of switches. */
import { addHostEnds } from '../roles.js';
import { idFrom, numberFrom } from '../ipv4.js';
import type { NetCard } from '../network.js';
import type { AdapterSettings, SimulatedMachine } from '../world.js';

export const ethernet = 'Intel(R) Ethernet Controller (3) I225-V';
export const wifi = 'Intel(R) Wi-Fi 6E AX211 160MHz';

const hex = (text: string) => numberFrom(text).toString(16).padStart(8, '0');

/** A card of the PC itself, in a network outside. */
export const card = (machine: string, outside: string, over: Partial<NetCard> = {}): NetCard => ({
  id: idFrom(`${machine} ${over.name ?? 'Ethernet'}`),
  name: 'Ethernet',
  description: ethernet,
  index: 9,
  mac: `A8595F${hex(`${machine} ${over.name ?? ''}`)
    .slice(0, 6)
    .toUpperCase()}`,
  wireless: false,
  plug: { outside },
  dhcp: true,
  dns: null,
  ...over,
});

const synthetic = (index: number) => `Microsoft Hyper-V Network Adapter${index === 0 ? '' : ` #${String(index + 1)}`}`;

/** In a VM: one card for each of its adapters, found again by the MAC address. */
export function plugIn(machine: SimulatedMachine, adapters: readonly AdapterSettings[]): void {
  machine.network.cards.unshift(
    ...adapters.map((adapter, index): NetCard => ({
      id: idFrom(`${machine.name} ${adapter.macAddress}`),
      name: index === 0 ? 'Ethernet' : `Ethernet ${String(index + 1)}`,
      description: synthetic(index),
      index: 6 + index * 3,
      mac: adapter.macAddress,
      wireless: false,
      plug: { adapter: adapter.macAddress },
      dhcp: true,
      dns: null,
    })),
  );
  addHostEnds(machine);
}
