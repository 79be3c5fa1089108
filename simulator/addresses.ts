/**
 * Addresses, routes and name servers of a machine. What comes from elsewhere (a lease, the prefix of the Default Switch) is worked out
 * when it is asked for, so that plugging somewhere else shows at once.
 */
import { addressText, isIn, numberFrom, parseAddress, parsePrefix, prefixAt, prefixText } from './ipv4.js';
import { defaultSwitchId, type KeptAddress, type KeptRoute, type Lease, type NetCard } from './network.js';
import { climb, climbFrom, type Wire } from './wires.js';
import type { AdapterSettings, SimulatedMachine, SimulatedSwitch, SimulatedVm, World } from './world.js';

export interface Address extends KeptAddress {
  readonly origin: 'by-hand' | 'dhcp' | 'link-local';
}

/** 172.16.0.0/12 in pieces of /20, as Windows takes them; one that nothing else here uses. */
function defaultSwitchPrefix({ name, network }: SimulatedMachine): string {
  const first = numberFrom(name) + network.starts * 7;
  const used = [
    ...network.addresses.map(({ address }) => address),
    ...network.nats.map(({ prefix }) => prefix.split('/')[0] ?? ''),
  ];
  for (let i = 0; ; i++) {
    const prefix = prefixText(prefixAt(0xac100000 + ((first + i) % 256) * 4096, 20));
    if (i >= 256 || !used.some((address) => isIn(prefix, address))) return prefix;
  }
}

const firstOf = (prefix: string) => addressText((parsePrefix(prefix)?.base ?? 0) + 1);
const lengthOf = (prefix: string) => parsePrefix(prefix)?.length ?? 32;

/** What DHCP answers a card of this MAC address, whose frames reach these wires; undefined: nobody answers. */
export function leaseOn(wires: readonly Wire[], mac: string): Lease | undefined {
  for (const wire of wires) {
    const prefix = 'network' in wire ? wire.network.prefix : defaultSwitchPrefix(wire.machine);
    const answers = 'network' in wire ? wire.network.dhcp : wire.switch.id === defaultSwitchId;
    if (!answers) continue;
    const address = addressText((parsePrefix(prefix)?.base ?? 0) + 20 + (numberFrom(mac) % 200));
    const gateway = 'network' in wire ? wire.network.router : firstOf(prefix);
    return { address, prefixLength: lengthOf(prefix), gateway, dns: 'network' in wire ? wire.network.dns : [gateway] };
  }
  return undefined;
}

/** The switch that has taken this card; it has no addresses of its own then. */
export const takenBy = ({ switches }: SimulatedMachine, card: NetCard): SimulatedSwitch | undefined =>
  switches.find(({ type, adapterDescription }) => type === 'External' && adapterDescription === card.description);

function leaseOf(world: World, machine: SimulatedMachine, card: NetCard): Lease | undefined {
  if (!card.dhcp || card.mac === null || takenBy(machine, card)) return undefined;
  return leaseOn(climb(world, machine, card).wires, card.mac);
}

export function isConnected(world: World, machine: SimulatedMachine, card: NetCard): boolean {
  return 'tunnel' in card.plug || 'switch' in card.plug || climb(world, machine, card).wires.length > 0;
}

export function addressesOf(world: World, machine: SimulatedMachine): readonly Address[] {
  return machine.network.cards.flatMap((card): readonly Address[] => {
    if (takenBy(machine, card)) return [];
    const { index } = card;
    if ('switch' in card.plug && card.plug.switch === defaultSwitchId) {
      const prefix = defaultSwitchPrefix(machine);
      return [{ address: firstOf(prefix), prefixLength: lengthOf(prefix), index, origin: 'by-hand' }];
    }
    const kept = machine.network.addresses.filter((one) => one.index === index);
    if (kept.length > 0 || !card.dhcp) return kept.map((one) => ({ ...one, origin: 'by-hand' }));
    const lease = leaseOf(world, machine, card);
    if (lease) return [{ address: lease.address, prefixLength: lease.prefixLength, index, origin: 'dhcp' }];
    if (card.mac === null || !isConnected(world, machine, card)) return [];
    // Nobody answered: an address of its own making.
    const own = 0xa9fe0000 + 256 + (numberFrom(card.mac) % 65000);
    return [{ address: addressText(own), prefixLength: 16, index, origin: 'link-local' }];
  });
}

export interface Route extends KeptRoute {
  /** Its neighbours are reached without a gateway. */
  readonly direct: boolean;
}

/** Direct prefixes, gateways by DHCP, then those by hand. */
export function routesOf(world: World, machine: SimulatedMachine): readonly Route[] {
  const direct = addressesOf(world, machine).map(({ address, prefixLength, index }): Route => ({
    prefix: prefixText(prefixAt(parseAddress(address) ?? 0, prefixLength)),
    nextHop: '0.0.0.0',
    index,
    direct: true,
  }));
  const leased = machine.network.cards.flatMap((card): readonly Route[] => {
    const lease = leaseOf(world, machine, card);
    return lease ? [{ prefix: '0.0.0.0/0', nextHop: lease.gateway, index: card.index, direct: false }] : [];
  });
  const kept = machine.network.routes.map((route): Route => ({ ...route, direct: route.nextHop === '0.0.0.0' }));
  return [...direct, ...leased, ...kept];
}

export const dnsOf = (world: World, machine: SimulatedMachine, card: NetCard): readonly string[] =>
  card.dns ?? leaseOf(world, machine, card)?.dns ?? [];

/** What an adapter of a VM has been given inside, whatever the guest is. */
export function addressesAt(
  world: World,
  machine: SimulatedMachine,
  { guest }: SimulatedVm,
  adapter: AdapterSettings,
): readonly string[] {
  const inner = guest.machine;
  if (guest.kind === 'none') return [];
  if (inner) {
    const cards = new Set(
      inner.network.cards.filter(({ mac }) => mac === adapter.macAddress).map(({ index }) => index),
    );
    return addressesOf(world, inner).flatMap(({ address, index }) => (cards.has(index) ? [address] : []));
  }
  const own = guest.address ?? leaseOn(climbFrom(world, machine, adapter).wires, adapter.macAddress);
  return own ? [own.address] : [];
}
