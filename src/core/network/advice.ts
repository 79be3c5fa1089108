/** Which way to a network for nested VMs fits (domain §4): from L1's Windows, the L0 switch of each adapter, and what L1 has already. */
import type { Message } from '../../text/index.js';
import type { Guid } from '../cmdlets/call.js';
import type { NetworkWant } from '../machine/goal.js';
import type { Adapter, Machine, Nat, NetAdapter, Network, Vm } from '../machine/machine.js';
import {
  addressText,
  firstFree,
  gatewayOf,
  isIn,
  parseAddress,
  parsePrefix,
  prefixText,
  usedPrefixes,
} from './subnet.js';

/** A Windows client with Hyper-V has one, with this id on every PC; its name is localised (domain §4). */
export const DEFAULT_SWITCH = 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444';

/** What an L0 switch is for the frames of a nested VM. */
export type UplinkKind =
  'wired' | 'wireless' | 'external' | 'internal' | 'default-switch' | 'private' | 'none' | 'unknown';
export interface Uplink {
  readonly adapter: Adapter;
  readonly kind: UplinkKind;
  /** The L0 switch, and the card it is bound to. */
  readonly switchName: string | null;
  readonly card: string | null;
  /** The card of L1 that is this adapter, by MAC address. */
  readonly inside: NetAdapter | undefined;
}

export interface Way {
  readonly kind: NetworkWant['kind'];
  readonly verdict: 'recommended' | 'possible' | 'not-here';
  readonly reason: Message;
  /** What will not work if it is chosen all the same. */
  readonly then?: Message;
}

interface NatOffer {
  readonly switchName: string;
  readonly natName: string;
  readonly prefix: string;
  readonly gateway: string;
  /** It is there already and will be used: nothing of it is made, changed or removed. */
  readonly existing: boolean;
}

export interface NetworkAdvice {
  readonly ways: readonly Way[];
  readonly uplinks: readonly Uplink[];
  /** The adapter that MAC address spoofing would be turned on for. */
  readonly uplink: Uplink | undefined;
  readonly nat: NatOffer | undefined;
  /** A NAT network that is there and cannot be used: never deleted, and the reason why no other can be made. */
  readonly otherNat: Nat | undefined;
  readonly defaultSwitchName: string | undefined;
}

export function adviseNetwork(host: Machine, vm: Vm): NetworkAdvice {
  const { guest } = vm;
  const uplinks = (vm.adapters ?? []).map((adapter) => uplinkOf(host, guest, adapter));
  const rank: readonly UplinkKind[] = [
    'wired',
    'external',
    'default-switch',
    'unknown',
    'wireless',
    'internal',
    'private',
  ];
  const uplink = uplinks
    .filter(({ kind }) => kind !== 'none')
    .toSorted((a, b) => rank.indexOf(a.kind) - rank.indexOf(b.kind))[0];
  const own = guest && fitOf(guest);
  const nat = guest && offerOf(host, guest, own);
  const other = natsOf(guest?.network).find(({ id }) => id !== own?.nat.id);
  const defaultSwitch = guest?.host.switches?.find(({ id }) => id === DEFAULT_SWITCH);
  const facts: Facts = { host, vm, guest, uplink, nat, own, other };
  const byDefault = defaultSwitchWay(facts, defaultSwitch !== undefined);
  const bySpoofing = externalWay(facts);
  const byNat = natWay(facts);
  const best = [byDefault, bySpoofing, byNat].find(({ verdict, then }) => verdict !== 'not-here' && !then);
  const ways = [byDefault, byNat, bySpoofing].map((way) =>
    way === best || (!best && way === byNat && way.verdict !== 'not-here')
      ? { ...way, verdict: 'recommended' as const }
      : way,
  );
  return { ways, uplinks, uplink, nat, otherNat: own ? undefined : other, defaultSwitchName: defaultSwitch?.name };
}

interface Facts {
  readonly host: Machine;
  readonly vm: Vm;
  readonly guest: Machine | undefined;
  readonly uplink: Uplink | undefined;
  readonly nat: NatOffer | undefined;
  readonly own: Fit | undefined;
  readonly other: Nat | undefined;
}

/** Without Hyper-V inside there is no switch to connect a nested VM to. */
const withoutHyperV = (guest: Machine): boolean => guest.host.services !== undefined && !guest.host.services['vmms'];

function missing({ guest, vm }: Facts): Message | undefined {
  if (!guest) return { key: 'advice.notSignedIn', params: { vm: vm.name } };
  if (withoutHyperV(guest)) return { key: 'advice.noHyperV', params: { vm: vm.name } };
  return undefined;
}

function defaultSwitchWay(facts: Facts, isThere: boolean): Way {
  const { guest, vm } = facts;
  const kind = 'default-switch';
  const not = missing(facts);
  if (not) return { kind, verdict: 'not-here', reason: not };
  const { windows } = guest?.host ?? {};
  const params = { vm: vm.name, windows: shortWindows(windows?.caption ?? 'Windows') };
  if (isThere) return { kind, verdict: 'possible', reason: { key: 'advice.defaultSwitch', params } };
  if (windows?.server) return { kind, verdict: 'not-here', reason: { key: 'advice.noDefaultSwitchServer', params } };
  return { kind, verdict: 'not-here', reason: { key: 'advice.noDefaultSwitch', params } };
}

/** `Windows Server 2025`, as people say it. */
const shortWindows = (caption: string): string =>
  caption.replace(/^Microsoft /, '').replace(/ (?:Standard|Datacenter|Datacenter: Azure Edition|Evaluation)\b.*$/, '');

function externalWay(facts: Facts): Way {
  const { host, uplink, vm } = facts;
  const kind = 'external';
  const not = missing(facts);
  if (not) return { kind, verdict: 'not-here', reason: not };
  if (!uplink) return { kind, verdict: 'not-here', reason: { key: 'advice.notConnected', params: { vm: vm.name } } };
  const params = { switch: uplink.switchName ?? '' };
  const machine = host.host.name ?? '';
  switch (uplink.kind) {
    case 'wireless':
      return {
        kind,
        verdict: 'possible',
        reason: { key: 'advice.wireless', params },
        then: { key: 'advice.wirelessThen', params },
      };
    case 'internal':
      return {
        kind,
        verdict: 'possible',
        reason: { key: 'advice.internal', params },
        then: { key: 'advice.internalThen', params: { machine } },
      };
    case 'private':
      return {
        kind,
        verdict: 'possible',
        reason: { key: 'advice.private', params },
        then: { key: 'advice.privateThen', params },
      };
    case 'default-switch':
      return {
        kind,
        verdict: 'possible',
        reason: { key: 'advice.throughDefaultSwitch', params: { ...params, machine } },
      };
    case 'wired':
    case 'external':
    case 'unknown':
      // A guest of a cloud may send with its own address only; a PC that is a guest itself may be in one.
      if (isGuest(host))
        return {
          kind,
          verdict: 'possible',
          reason: { key: 'advice.cloud', params: { machine } },
          then: { key: 'advice.cloudThen', params: { machine } },
        };
      return {
        kind,
        verdict: 'possible',
        reason: uplink.kind === 'wired' ? { key: 'advice.wired', params } : { key: 'advice.external', params },
      };
    case 'none':
      return { kind, verdict: 'not-here', reason: { key: 'advice.notConnected', params: { vm: vm.name } } };
  }
}

const isGuest = ({ host }: Machine): boolean => {
  const { manufacturer = '', model = '' } = host.computer ?? {};
  return (
    (manufacturer === 'Microsoft Corporation' && model === 'Virtual Machine') ||
    /VMware|QEMU|Xen|innotek/i.test(`${manufacturer} ${model}`)
  );
};

function natWay(facts: Facts): Way {
  const { guest, vm, nat, own, other } = facts;
  const kind = 'nat';
  const not = missing(facts);
  if (not) return { kind, verdict: 'not-here', reason: not };
  const params = { vm: vm.name };
  if (guest?.network?.nats === 'missing')
    return { kind, verdict: 'not-here', reason: { key: 'advice.noWinNat', params } };
  if (own)
    return {
      kind,
      verdict: 'possible',
      reason: { key: 'advice.natThere', params: { name: own.nat.name, prefix: own.nat.prefix } },
    };
  if (other)
    return {
      kind,
      verdict: 'not-here',
      reason: { key: 'advice.natOther', params: { name: other.name, prefix: other.prefix } },
    };
  if (!nat) return { kind, verdict: 'not-here', reason: { key: 'advice.natUnread', params } };
  return { kind, verdict: 'possible', reason: { key: 'advice.nat', params } };
}

interface Fit {
  readonly nat: Nat;
  readonly switchId: Guid;
  readonly switchName: string;
  readonly gateway: string;
}

/** A NAT network that nested VMs can use: an internal switch of this machine has an address in it. */
export function fitOf(machine: Machine): Fit | undefined {
  const { network, host } = machine;
  for (const nat of natsOf(network)) {
    const prefix = parsePrefix(nat.prefix);
    if (!prefix) continue;
    for (const one of host.switches ?? []) {
      if (one.type !== 'Internal' || one.id === DEFAULT_SWITCH || one.name === undefined) continue;
      const gateway = (network?.addresses ?? []).find(
        ({ adapter, address }) => adapter === hostEnd(one.name ?? '') && isIn(parseAddress(address) ?? -1, prefix),
      );
      if (gateway) return { nat, switchId: one.id, switchName: one.name, gateway: gateway.address };
    }
  }
  return undefined;
}

/** The machine's own adapter on a switch: so called in every language (facts: Get-VMSwitch). */
export const hostEnd = (switchName: string): string => `vEthernet (${switchName})`;

/** The NAT network that is there, or one that overlaps nothing on L0 and L1. undefined: not known well enough to say. */
function offerOf(host: Machine, guest: Machine, fit: Fit | undefined): NatOffer | undefined {
  if (fit)
    return {
      switchName: fit.switchName,
      natName: fit.nat.name,
      prefix: fit.nat.prefix,
      gateway: fit.gateway,
      existing: true,
    };
  if (!isRead(host.network) || !isRead(guest.network)) return undefined;
  const prefix = firstFree(usedPrefixes([host, guest]).map((used) => used.prefix));
  if (!prefix) return undefined;
  const nats = natsOf(guest.network);
  return {
    switchName: freeName('VmNAT', takenNames(guest)),
    natName: freeName(
      'LocalNAT',
      nats.map(({ name }) => name),
    ),
    prefix: prefixText(prefix),
    gateway: gatewayOf(prefix),
    existing: false,
  };
}

/** What is not known to be free is not offered. */
const isRead = (network: Network | undefined): boolean =>
  network?.addresses !== undefined && network.routes !== undefined && network.nats !== undefined;

/** Without WinNAT, or where they could not be read, none is known. */
export const natsOf = (network: Network | undefined): readonly Nat[] =>
  typeof network?.nats === 'object' ? network.nats : [];

/** Names of switches, and of what their adapters would be called: Windows silently makes a second one of the same name. */
export function takenNames({ host, network }: Machine): readonly string[] {
  const ends = (network?.adapters ?? []).flatMap(({ name }) => /^vEthernet \((.*)\)$/.exec(name)?.[1] ?? []);
  return [...(host.switches ?? []).flatMap(({ name }) => name ?? []), ...ends];
}

export function freeName(wanted: string, taken: readonly string[]): string {
  const lower = new Set(taken.map((name) => name.toLowerCase()));
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${String(number)}`;
    if (!lower.has(name.toLowerCase())) return name;
  }
}

/** Why a switch or a NAT network cannot be called that. null: it can. */
export function problemOfName(name: string, taken: readonly string[]): Message | null {
  if (name.trim() === '') return { key: 'advice.nameEmpty' };
  if (name.length > 64) return { key: 'advice.nameLong' };
  if (/[\p{Cc}\\/:*?"<>|]/u.test(name)) return { key: 'advice.nameCharacters' };
  if (taken.some((one) => one.toLowerCase() === name.trim().toLowerCase()))
    return { key: 'advice.nameTaken', params: { name } };
  return null;
}

function uplinkOf(host: Machine, guest: Machine | undefined, adapter: Adapter): Uplink {
  const one = host.host.switches?.find(({ id }) => id === adapter.switchId);
  const card = host.network?.adapters?.find(
    ({ description, name }) =>
      description !== undefined && description === one?.adapterDescription && !name.startsWith('vEthernet'),
  );
  return {
    adapter,
    kind: uplinkKind(adapter, one, card),
    switchName: adapter.switchName ?? null,
    card: one?.adapterDescription ? one.adapterDescription : null,
    inside: cardOf(guest, adapter),
  };
}

function uplinkKind(
  { switchId }: Adapter,
  one: { readonly id: Guid; readonly type: string | undefined } | undefined,
  card: NetAdapter | undefined,
): UplinkKind {
  if (switchId === null) return 'none';
  if (switchId === DEFAULT_SWITCH) return 'default-switch';
  if (one?.type === 'Internal') return 'internal';
  if (one?.type === 'Private') return 'private';
  if (one?.type !== 'External') return 'unknown';
  return card?.wireless === true ? 'wireless' : card?.wireless === false ? 'wired' : 'external';
}

/**
 * The machine's own card for an adapter that the machine around it sees, by MAC address. Bound to an external switch, the
 * card has the address too, and the switch's end takes its place for IP: the card itself is meant.
 */
export const cardOf = (guest: Machine | undefined, { macAddress }: Adapter): NetAdapter | undefined =>
  guest?.network?.adapters?.find((card) => card.macAddress === macAddress && !card.name.startsWith('vEthernet'));

/** Addresses of a prefix that nobody has: not the gateway, none of the machine, none that a nested VM has or is to have. */
export function freeAddresses(
  text: string,
  guest: Machine,
  count: number,
  taken: readonly string[] = [],
): readonly string[] {
  const prefix = parsePrefix(text);
  if (!prefix) return [];
  const used = new Set<number | undefined>([
    ...(guest.network?.addresses ?? []).map(({ address }) => parseAddress(address)),
    ...(guest.vms ?? []).flatMap(({ adapters = [] }) =>
      adapters.flatMap(({ addresses = [] }) => addresses.map(parseAddress)),
    ),
    ...(guest.vms ?? []).flatMap((vm) =>
      (vm.guest?.network?.addresses ?? []).map(({ address }) => parseAddress(address)),
    ),
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
  const out = network?.routes?.find(({ prefix }) => prefix === '0.0.0.0/0')?.index;
  const servers = network?.dns?.find(({ index }) => index === out)?.servers ?? [];
  return servers.filter((server) => parseAddress(server) !== undefined);
}

/** A network adapter of a nested VM, as it is chosen to be connected. */
export interface NestedAdapter {
  readonly vm: Vm;
  readonly adapter: Adapter;
}

/** The wish for a way with what is offered: names, prefix and addresses as proposed. undefined: the way is not here. */
export function networkWant(
  host: Machine,
  vm: Vm,
  kind: NetworkWant['kind'],
  nested: readonly NestedAdapter[],
): NetworkWant | undefined {
  const { guest } = vm;
  if (!guest) return undefined;
  const { nat, uplink } = adviseNetwork(host, vm);
  const plain = nested.map((one) => ({ vm: one.vm.id, adapter: one.adapter.id }));
  switch (kind) {
    case 'default-switch':
      return { kind, nested: plain };
    case 'external':
      return (
        uplink && {
          kind,
          nested: plain,
          adapter: uplink.adapter.id,
          switchName: freeName('External', takenNames(guest)),
        }
      );
    case 'nat': {
      if (!nat) return undefined;
      const { switchName, natName, prefix, gateway } = nat;
      const free = freeAddresses(prefix, guest, nested.length);
      const dns = dnsFor(host, guest);
      const prefixLength = parsePrefix(prefix)?.length ?? 24;
      return {
        kind,
        switchName,
        natName,
        prefix,
        nested: nested.map((one, index) => {
          const address = free[index];
          const base = { vm: one.vm.id, adapter: one.adapter.id };
          // Without a way inside it is set by hand, with the commands that the review shows.
          return address === undefined || !one.vm.guest
            ? base
            : { ...base, address: { address, prefixLength, gateway, dns } };
        }),
      };
    }
  }
}
