/** A VM's IPv4 address and name servers, known from inside it only; and which are free for the VMs in it. */
import type { AdapterId } from '../cmdlets/call.js';
import type { StaticV4 } from '../machine/goal.js';
import type { Machine, NetAdapter, Network, Vm } from '../machine/machine.js';
import { addressText, isLinkLocal, parseAddress, parsePrefix } from './subnet.js';
import { mappingsOf } from './mappings.js';
import { cardOf } from './uplinks.js';
import { byId, ifRead } from '../machine/reading.js';
import { addressesTold } from '../machine/vm-state.js';

export const DHCP = 'dhcp';
export const AUTOMATIC = 'automatic';
/** Neither by DHCP nor by hand: between taking one away and asking for another. */
export const NO_ADDRESS = 'none';

/** `192.168.100.2/24 via 192.168.100.1` */
export const staticText = ({ address, prefixLength, gateway }: Omit<StaticV4, 'dns'>): string =>
  `${address}/${String(prefixLength)} via ${gateway}`;

/** undefined: not such a text. */
export function parseStatic(text: string): StaticV4 | 'dhcp' | undefined {
  if (text === DHCP) return DHCP;
  const [, address, length, gateway] = /^([\d.]+)\/(\d+) via ([\d.]+)$/.exec(text) ?? [];
  if (address === undefined || length === undefined || gateway === undefined) return undefined;
  return { address, prefixLength: Number(length), gateway, dns: [] };
}

interface Card {
  readonly card: NetAdapter;
  readonly network: Network;
}
/** The card inside the VM that is this adapter. */
export function cardIn(vm: Vm, id: AdapterId | undefined): Card | undefined {
  const adapter = byId(vm.adapters, id);
  const card = adapter && cardOf(vm.guest, adapter);
  const network = vm.guest?.network;
  return card && network && { card, network };
}

export function addressAt(vm: Vm, id: AdapterId | undefined): string | undefined {
  const found = cardIn(vm, id);
  if (!found) return undefined;
  const { card, network } = found;
  if (card.dhcp === true) return DHCP;
  if (card.dhcp === undefined || network.addresses === undefined) return undefined;
  const own = network.addresses.find(({ index, address }) => index === card.index && !isLinkLocal(address));
  if (!own) return NO_ADDRESS;
  const gateway = ifRead(
    network.routes,
    undefined,
    (all) => all.find(({ prefix, index }) => prefix === '0.0.0.0/0' && index === card.index)?.nextHop,
  );
  return staticText({ address: own.address, prefixLength: own.prefixLength, gateway: gateway ?? '0.0.0.0' });
}

/** Name servers that came by DHCP are not told apart from others: with DHCP they count as automatic. */
export function dnsAt(vm: Vm, id: AdapterId | undefined): string | undefined {
  const found = cardIn(vm, id);
  if (!found) return undefined;
  const { card, network } = found;
  if (card.dhcp === true) return AUTOMATIC;
  if (card.dhcp === undefined || network.dns === undefined) return undefined;
  const servers = network.dns.find(({ index }) => index === card.index)?.servers ?? [];
  return servers.length === 0 ? AUTOMATIC : servers.join(' ');
}

function withNetwork(vm: Vm, change: (network: Network) => Network): Vm {
  const { guest } = vm;
  return guest?.network ? { ...vm, guest: { ...guest, network: change(guest.network) } } : vm;
}

export function withAddress(vm: Vm, id: AdapterId | undefined, text: string): Vm {
  const found = cardIn(vm, id);
  const wanted = parseStatic(text);
  if (!found) return vm;
  const { name, index } = found.card;
  return withNetwork(vm, (network) => ({
    ...network,
    adapters: ifRead(network.adapters, undefined, (all) =>
      all.map((card) => (card.index === index ? { ...card, dhcp: wanted === DHCP } : card)),
    ),
    addresses: [
      ...ifRead(network.addresses, [], (all) => all.filter((one) => one.index !== index)),
      ...(typeof wanted === 'object'
        ? [{ address: wanted.address, prefixLength: wanted.prefixLength, adapter: name, index }]
        : []),
    ],
    routes: [
      ...ifRead(network.routes, [], (all) => all.filter((one) => one.index !== index)),
      ...(typeof wanted === 'object' ? [{ prefix: '0.0.0.0/0', nextHop: wanted.gateway, adapter: name, index }] : []),
    ],
  }));
}

export function withDns(vm: Vm, id: AdapterId | undefined, text: string): Vm {
  const found = cardIn(vm, id);
  if (!found) return vm;
  const { index } = found.card;
  const servers = text === AUTOMATIC ? [] : text.split(' ');
  return withNetwork(vm, (network) => ({
    ...network,
    dns: [...ifRead(network.dns, [], (all) => all.filter((one) => one.index !== index)), { index, servers }],
  }));
}

/** What is known of them, from outside and from inside; of one that tells none, those that it had last: it has them again. */
export const addressesOfVm = (vm: Vm): readonly string[] => [
  ...addressesTold(vm),
  ...ifRead(vm.lastAddresses, [], (last) => last),
  ...ifRead(vm.guest?.network?.addresses, [], (all) => all.map(({ address }) => address)),
];

/**
 * Addresses of a prefix that nobody has: not the gateway, none of the machine, none that a nested VM has or is to have, and
 * none that a port leads to: it would be open to whoever gets that address.
 */
export function freeAddresses(
  text: string,
  guest: Machine,
  count: number,
  taken: readonly string[] = [],
): readonly string[] {
  const prefix = parsePrefix(text);
  if (!prefix) return [];
  const used = new Set<number | undefined>([
    ...ifRead(guest.network?.addresses, [], (all) => all.map(({ address }) => parseAddress(address))),
    ...ifRead(guest.vms, [], (vms) => vms.flatMap(addressesOfVm)).map(parseAddress),
    ...mappingsOf(guest).map(({ address }) => parseAddress(address)),
    ...taken.map(parseAddress),
    prefix.first + 1,
  ]);
  const last = prefix.first + 2 ** (32 - prefix.length) - 1;
  const free: string[] = [];
  for (let number = prefix.first + 2; number < last && free.length < count; number++)
    if (!used.has(number)) free.push(addressText(number));
  return free;
}

/** Name servers that a nested VM behind NAT can use: those of L1's own way out, else L0's. */
export function dnsFor(host: Machine, guest: Machine): readonly string[] {
  const own = dnsOf(guest.network);
  return own.length > 0 ? own : dnsOf(host.network);
}

function dnsOf(network: Network | undefined): readonly string[] {
  const out = ifRead(network?.routes, undefined, (all) => all.find(({ prefix }) => prefix === '0.0.0.0/0')?.index);
  const servers = ifRead(network?.dns, undefined, (all) => all.find(({ index }) => index === out)?.servers) ?? [];
  return servers.filter((server) => parseAddress(server) !== undefined);
}
