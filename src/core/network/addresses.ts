/** Values that are known from inside a VM only: its own IPv4 address and name servers, and what a run has made there. */
import type { AdapterId } from '../cmdlets/call.js';
import { cardOf, natsOf } from './advice.js';
import type { Made, StaticV4 } from '../machine/goal.js';
import type { Machine, NetAdapter, Network, Vm } from '../machine/machine.js';

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
  const adapter = vm.adapters?.find((one) => one.id === id);
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
  const own = network.addresses.find(({ index, address }) => index === card.index && !address.startsWith('169.254.'));
  if (!own) return NO_ADDRESS;
  const gateway = network.routes?.find(({ prefix, index }) => prefix === '0.0.0.0/0' && index === card.index)?.nextHop;
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
    adapters: network.adapters?.map((card) => (card.index === index ? { ...card, dhcp: wanted === DHCP } : card)),
    addresses: [
      ...(network.addresses ?? []).filter((one) => one.index !== index),
      ...(typeof wanted === 'object'
        ? [{ address: wanted.address, prefixLength: wanted.prefixLength, adapter: name, index }]
        : []),
    ],
    routes: [
      ...(network.routes ?? []).filter((one) => one.index !== index),
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
    dns: [...(network.dns ?? []).filter((one) => one.index !== index), { index, servers }],
  }));
}

/** `there`: exactly what was made; `changed`: of its id, but not what it was; `gone`. undefined: not known. */
export function isThere(guest: Machine, { what, id }: Pick<Made, 'what' | 'id'>): 'there' | 'gone' | undefined {
  switch (what) {
    case 'switch':
      return guest.host.switches && thereIf(guest.host.switches.some((one) => one.id === id));
    case 'nat':
      return guest.network?.nats === undefined
        ? undefined
        : thereIf(natsOf(guest.network).some((nat) => nat.id === id));
    case 'address':
      return guest.network?.addresses && thereIf(guest.network.addresses.some(({ address }) => address === id));
  }
}
const thereIf = (is: boolean): 'there' | 'gone' => (is ? 'there' : 'gone');

/** What was made, as it is now: undefined: gone, or something else has its place (another prefix, another adapter). */
export function sameAs(guest: Machine, made: Made): boolean {
  switch (made.what) {
    case 'switch':
      return guest.host.switches?.some(({ id, name }) => id === made.id && name === made.name) ?? false;
    case 'nat':
      return natsOf(guest.network).some(
        ({ id, name, prefix }) => id === made.id && name === made.name && prefix === made.prefix,
      );
    case 'address': {
      const adapter = guest.network?.adapters?.find(({ id }) => id === made.adapter);
      return (
        guest.network?.addresses?.some(
          ({ address, prefixLength, index }) =>
            address === made.id && prefixLength === made.prefixLength && index === adapter?.index,
        ) ?? false
      );
    }
  }
}
