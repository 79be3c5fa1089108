/**
 * Who reaches whom. A packet leaves by the most exact route; its next hop must be a neighbour on the wires of that card; a neighbour that
 * is not the destination must forward: the router of an outside network, the Default Switch, or WinNAT for the prefix it was made for.
 */
import { addressesAt, addressesOf, dnsOf, leaseOn, routesOf, takenBy, type Route } from './addresses.js';
import type { Clock } from './clock.js';
import { hasBooted } from './guest.js';
import { isIn, isPublic, numberFrom, addressText, parsePrefix } from './ipv4.js';
import { defaultSwitchId, type OutsideNetwork } from './network.js';
import { climb, climbFrom, type Stop, type Wire } from './wires.js';
import type { SimulatedMachine, SimulatedVm, World } from './world.js';

/** One end: a machine of ours, or a guest that is none. */
export type End =
  | { readonly machine: SimulatedMachine }
  /** The first adapter of a guest that has one. */
  | { readonly vm: SimulatedVm; readonly on: SimulatedMachine };

type Why = Stop | 'no-route' | 'no-neighbour' | 'not-forwarded' | 'no-internet' | 'filtered';
export type Way = { readonly reached: true } | { readonly reached: false; readonly why: Why };

export interface Packets {
  readonly world: World;
  readonly clock: Clock;
}
type Kind = 'ping' | number;

/** What stands behind a card: its routes, its own address and the wires. */
interface Exit {
  readonly prefix: string;
  readonly nextHop: string;
  readonly source: string;
  readonly wires: readonly Wire[];
  readonly stop: Stop | null;
  readonly tunnel: boolean;
}

const reached: Way = { reached: true };
const lost = (why: Why): Way => ({ reached: false, why });

export function send(packets: Packets, from: End, to: string, kind: Kind, hops = 8): Way {
  const own =
    'machine' in from ? addressesOf(packets.world, from.machine).map(({ address }) => address) : ownOf(packets, from);
  if (own.includes(to)) return reached;
  const exits = exitsOf(packets, from).filter(({ prefix }) => isIn(prefix, to));
  const [exit] = exits.sort(
    (one, other) => (parsePrefix(other.prefix)?.length ?? 0) - (parsePrefix(one.prefix)?.length ?? 0),
  );
  if (!exit || hops === 0) return lost('no-route');
  if (exit.tunnel) return reached;
  const hop = exit.nextHop === '0.0.0.0' ? to : exit.nextHop;
  const neighbour = neighbourOf(packets, exit.wires, hop);
  if (!neighbour) return lost(exit.stop ?? 'no-neighbour');
  if (hop === to) return answers(neighbour, kind) ? reached : lost('filtered');
  if ('guest' in neighbour) return lost('not-forwarded');
  if ('network' in neighbour) return beyond(neighbour.network, to, kind);
  if (!forwards(packets, neighbour.machine, hop, exit.source)) return lost('not-forwarded');
  return send(packets, { machine: neighbour.machine }, to, kind, hops - 1);
}

function ownOf({ world }: Packets, { vm, on }: Extract<End, { vm: SimulatedVm }>): readonly string[] {
  return vm.settings.adapters.slice(0, 1).flatMap((adapter) => addressesAt(world, on, vm, adapter));
}

function exitsOf({ world }: Packets, from: End): readonly Exit[] {
  if ('machine' in from) {
    const { machine } = from;
    const addresses = addressesOf(world, machine);
    return routesOf(world, machine).flatMap((route: Route) => {
      const card = machine.network.cards.find(({ index }) => index === route.index);
      if (!card || takenBy(machine, card)) return [];
      const source = addresses.find(({ index }) => index === card.index)?.address ?? '';
      return [{ ...route, source, ...climb(world, machine, card), tunnel: 'tunnel' in card.plug }];
    });
  }
  const [adapter] = from.vm.settings.adapters;
  if (!adapter) return [];
  const way = climbFrom(world, from.on, adapter);
  const has = from.vm.guest.address ?? leaseOn(way.wires, adapter.macAddress);
  if (!has) return [];
  const exit = { source: has.address, ...way, tunnel: false };
  return [
    { ...exit, prefix: `${has.address}/${String(has.prefixLength)}`, nextHop: '0.0.0.0' },
    { ...exit, prefix: '0.0.0.0/0', nextHop: has.gateway },
  ];
}

type Neighbour =
  | { readonly machine: SimulatedMachine }
  | { readonly network: OutsideNetwork }
  /** A guest that is no machine of ours: it answers, and forwards nothing. */
  | { readonly guest: SimulatedVm };

/** Who answers to this address on these wires. */
function neighbourOf(packets: Packets, wires: readonly Wire[], address: string): Neighbour | undefined {
  const { world } = packets;
  for (const wire of wires) {
    if ('network' in wire) {
      if (wire.network.router === address) return wire;
      continue;
    }
    const ends = new Set(
      wire.machine.network.cards.flatMap(({ plug, index }) =>
        'switch' in plug && plug.switch === wire.switch.id ? [index] : [],
      ),
    );
    if (addressesOf(world, wire.machine).some((one) => ends.has(one.index) && one.address === address)) return wire;
    const found = guestOn(packets, wire.machine, wire.switch.id, address);
    if (found) return found.guest.machine ? { machine: found.guest.machine } : { guest: found };
  }
  return undefined;
}

/** A guest with this address on that switch; also one behind an external switch of its own. */
function guestOn(packets: Packets, machine: SimulatedMachine, id: string, address: string): SimulatedVm | undefined {
  for (const vm of machine.vms.values())
    for (const adapter of vm.settings.adapters) {
      if (adapter.switchId !== id || !hasBooted(vm, packets.clock)) continue;
      if (addressesAt(packets.world, machine, vm, adapter).includes(address)) return vm;
      const inner = vm.guest.machine;
      const card = inner?.network.cards.find(({ mac, plug }) => 'adapter' in plug && mac === adapter.macAddress);
      const bridge = inner && card ? takenBy(inner, card) : undefined;
      const deeper = inner && bridge && adapter.macSpoofing === 'On' && guestOn(packets, inner, bridge.id, address);
      if (deeper) return deeper;
    }
  return undefined;
}

/** Whether the machine, as the gateway of this address, translates what comes from there. */
function forwards({ world }: Packets, machine: SimulatedMachine, gateway: string, source: string): boolean {
  const entered = addressesOf(world, machine).find(({ address }) => address === gateway);
  const card = machine.network.cards.find(({ index }) => index === entered?.index);
  if (card && 'switch' in card.plug && card.plug.switch === defaultSwitchId) return true;
  // Documented: one network is supported; of several only the first works here.
  const [nat] = machine.network.nats;
  return nat !== undefined && isIn(nat.prefix, source);
}

function beyond(network: OutsideNetwork, to: string, kind: Kind): Way {
  if (!isPublic(to)) return lost('no-neighbour');
  if (!network.internet) return lost('no-internet');
  if (kind === 'ping' ? !network.pings : ![53, 80, 443].includes(kind)) return lost('filtered');
  return reached;
}

/** A neighbour answers echo requests; a machine with a switch of its own answers for names, a router for its page too. */
function answers(neighbour: Neighbour, kind: Kind): boolean {
  if (kind === 'ping') return true;
  return 'network' in neighbour ? kind === 53 || kind === 80 : 'machine' in neighbour && kind === 53;
}

const publicResolvers = ['1.1.1.1', '8.8.8.8', '9.9.9.9', '208.67.222.222', '223.5.5.5', '114.114.114.114'];

export type Answer =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'no-such-name' }
  | { readonly kind: 'no-answer' };

/** What a name server says, if it is one and can be reached. */
export function ask(packets: Packets, from: End, server: string, name: string, hops = 8): Answer {
  const none: Answer = { kind: 'no-answer' };
  if (hops === 0 || !send(packets, from, server, 53).reached) return none;
  if (!answersNames(packets, server, name, hops)) return none;
  if (!name.includes('.') || /\.(invalid|example|test)$/i.test(name)) return { kind: 'no-such-name' };
  return {
    kind: 'address',
    address: known[name.toLowerCase()] ?? addressText(0x5db80000 + (numberFrom(name) % 65000)),
  };
}
const known: Readonly<Record<string, string>> = {
  'www.msftconnecttest.com': '13.107.4.52',
  'dns.msftncsi.com': '131.107.255.255',
  'one.one.one.one': '1.1.1.1',
  'dns.google': '8.8.8.8',
};

function answersNames(packets: Packets, server: string, name: string, hops: number): boolean {
  const { world } = packets;
  if (publicResolvers.includes(server)) return true;
  const network = world.networks.find(({ dns }) => dns.includes(server));
  if (network) return network.internet;
  // The Default Switch asks the name servers of its machine; WinNAT brings none.
  const owner = machinesOf(world.host).find((one) =>
    one.network.cards.some(
      ({ plug, index }) =>
        'switch' in plug &&
        plug.switch === defaultSwitchId &&
        addressesOf(world, one).some((own) => own.index === index && own.address === server),
    ),
  );
  if (!owner) return false;
  return serversOf(packets, owner).some(
    (one) => ask(packets, { machine: owner }, one, name, hops - 1).kind !== 'no-answer',
  );
}

function machinesOf(machine: SimulatedMachine): readonly SimulatedMachine[] {
  const guests = [...machine.vms.values()].flatMap(({ guest }) => (guest.machine ? machinesOf(guest.machine) : []));
  return [machine, ...guests];
}

/** The name servers of a machine, those of cards with a gateway first. */
export function serversOf({ world }: Packets, machine: SimulatedMachine): readonly string[] {
  const out = new Set(routesOf(world, machine).flatMap(({ direct, index }) => (direct ? [] : [index])));
  const cards = machine.network.cards.filter((card) => !takenBy(machine, card));
  return cards.filter(({ index }) => out.has(index)).flatMap((card) => dnsOf(world, machine, card));
}
