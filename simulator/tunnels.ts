/** VPNs of a machine: a card without a cable, an address, and routes that lead into it. */
import { idFrom } from './ipv4.js';
import type { SimulatedMachine } from './world.js';

/** `prefixes`: what it leads to. */
export function addTunnel(
  { name: machine, network }: SimulatedMachine,
  name: string,
  address: string,
  prefixes: readonly string[],
): void {
  const index = Math.max(59, ...network.cards.map((card) => card.index)) + 1;
  network.cards.push({
    id: idFrom(`${machine} ${name}`),
    name,
    description: 'WAN Miniport (IKEv2)',
    index,
    mac: null,
    wireless: false,
    plug: { tunnel: name },
    dhcp: false,
    dns: null,
  });
  network.addresses.push({ address, prefixLength: 32, index });
  for (const prefix of prefixes) network.routes.push({ prefix, nextHop: '0.0.0.0', index });
}

export function dropTunnel({ network }: SimulatedMachine, name: string): void {
  const gone = network.cards.find(({ plug }) => 'tunnel' in plug && plug.tunnel === name);
  if (!gone) throw new Error(`the simulated PC has no VPN ${name}`);
  network.cards = network.cards.filter((card) => card !== gone);
  network.addresses = network.addresses.filter(({ index }) => index !== gone.index);
  network.routes = network.routes.filter(({ index }) => index !== gone.index);
}
