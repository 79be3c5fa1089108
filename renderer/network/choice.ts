/** What a person chooses for the network of nested VMs. Only what differs from the advice is kept: a new reading moves the rest. */
import { freeAddresses, freeName, natsOf, problemOfName, dnsFor, takenNames } from '../../src/core/network/advice.js';
import type { NetworkAdvice, Uplink, Way } from '../../src/core/network/advice.js';
import type { AdapterId } from '../../src/core/cmdlets/call.js';
import { anyNetwork, type NetworkWant, type StaticV4 } from '../../src/core/machine/goal.js';
import type { Adapter, Machine, Vm } from '../../src/core/machine/machine.js';
import { gatewayOf, parsePrefix, problemOfPrefix, usedPrefixes } from '../../src/core/network/subnet.js';
import type { Message } from '../../src/text/index.js';
import { problemOfAddress, problemOfServers, serversOf } from './address.js';

export interface Edits {
  readonly kind?: NetworkWant['kind'];
  /** The L0 adapter of the VM that spoofing is turned on for. */
  readonly uplink?: AdapterId;
  readonly switchName?: string;
  readonly natName?: string;
  readonly prefix?: string;
  /** As it is typed: addresses with commas or spaces between. */
  readonly dns?: string;
  readonly connected: Readonly<Record<AdapterId, boolean>>;
  readonly addresses: Readonly<Record<AdapterId, string>>;
}

/** One adapter of one nested VM. */
export interface NestedAdapter {
  readonly vm: Vm;
  readonly adapter: Adapter;
  readonly isConnected: boolean;
  /** It is on the switch already. */
  readonly isThere: boolean;
  /** For NAT; empty: none is free. */
  readonly address: string;
  readonly problem: Message | null;
}

export interface Choice {
  readonly way: Way;
  readonly kind: NetworkWant['kind'];
  readonly uplink: Uplink | undefined;
  readonly switchName: string;
  readonly natName: string;
  readonly prefix: string;
  /** undefined: the prefix cannot be read. */
  readonly gateway: string | undefined;
  /** The switch (and the NAT network) is there and is used as it is. */
  readonly isExisting: boolean;
  readonly nested: readonly NestedAdapter[];
  readonly dns: string;
  readonly problems: {
    readonly way: Message | null;
    readonly switchName: Message | null;
    readonly natName: Message | null;
    readonly prefix: Message | null;
    readonly dns: Message | null;
  };
  /** Networks that the prefix was compared with. */
  readonly compared: number;
  /** How many things are made inside. */
  readonly makes: number;
}

/** What a goal asks for, as edits: the page opens with it. */
export function editsOf(want: NetworkWant): Edits {
  if (want.kind === anyNetwork.kind && want.nested.length === 0) return { connected: {}, addresses: {} };
  const connected = Object.fromEntries(want.nested.map(({ adapter }) => [adapter, true]));
  const given = want.nested.flatMap(({ adapter, address }) => (address ? [[adapter, address] as const] : []));
  const dns = given[0]?.[1].dns;
  return {
    kind: want.kind,
    connected,
    addresses: Object.fromEntries(given.map(([adapter, { address }]) => [adapter, address])),
    ...(dns ? { dns: dns.join(', ') } : {}),
    ...(want.kind === 'external' ? { uplink: want.adapter, switchName: want.switchName } : {}),
    ...(want.kind === 'nat' ? { switchName: want.switchName, natName: want.natName, prefix: want.prefix } : {}),
  };
}

/** undefined: nothing can be chosen here as it stands. */
export function choiceOf(host: Machine, vm: Vm, advice: NetworkAdvice, edits: Edits): Choice | undefined {
  const { guest } = vm;
  const open = advice.ways.filter(({ verdict }) => verdict !== 'not-here');
  const way =
    open.find(({ kind }) => kind === edits.kind) ?? open.find(({ verdict }) => verdict === 'recommended') ?? open[0];
  if (!way || !guest) return undefined;
  const { kind } = way;
  const uplink = advice.uplinks.find(({ adapter }) => adapter.id === edits.uplink) ?? advice.uplink;
  const target = targetOf(guest, advice, kind, uplink, edits);
  const used = usedPrefixes([host, guest]);
  const prefix = kind === 'nat' ? target.prefix : '';
  const parsed = parsePrefix(prefix);
  const gateway = target.gateway ?? (parsed && gatewayOf(parsed));
  const dns = edits.dns ?? dnsFor(host, guest).join(', ');
  const isMade = !target.isExisting;
  const nats = natsOf(guest.network).map(({ name }) => name);
  return {
    way,
    kind,
    uplink,
    switchName: target.switchName,
    natName: target.natName,
    prefix,
    gateway,
    isExisting: target.isExisting,
    nested: nestedOf(guest, target.switchName, { isNat: kind === 'nat', prefix, gateway, edits }),
    dns,
    problems: {
      way: kind === 'external' ? problemOfUplink(vm, uplink) : null,
      switchName: isMade && kind !== 'default-switch' ? problemOfName(target.switchName, takenNames(guest)) : null,
      natName: isMade && kind === 'nat' ? problemOfName(target.natName, nats) : null,
      prefix: isMade && kind === 'nat' ? problemOfPrefix(prefix, used) : null,
      dns: kind === 'nat' ? problemOfServers(dns) : null,
    },
    compared: used.length,
    makes: isMade ? { 'default-switch': 0, external: 1, nat: 3 }[kind] : 0,
  };
}

interface Target {
  readonly switchName: string;
  readonly natName: string;
  readonly prefix: string;
  readonly gateway?: string;
  readonly isExisting: boolean;
}

function targetOf(
  guest: Machine,
  advice: NetworkAdvice,
  kind: NetworkWant['kind'],
  uplink: Uplink | undefined,
  edits: Edits,
): Target {
  const none = { natName: '', prefix: '' };
  if (kind === 'default-switch') return { ...none, switchName: advice.defaultSwitchName ?? '', isExisting: true };
  if (kind === 'external') {
    const there = boundTo(guest, uplink);
    if (there !== undefined) return { ...none, switchName: there, isExisting: true };
    return { ...none, switchName: edits.switchName ?? freeName('External', takenNames(guest)), isExisting: false };
  }
  const offer = advice.nat;
  if (offer?.existing) return { ...offer, isExisting: true };
  return {
    switchName: edits.switchName ?? offer?.switchName ?? '',
    natName: edits.natName ?? offer?.natName ?? '',
    prefix: edits.prefix ?? offer?.prefix ?? '',
    isExisting: false,
  };
}

/** The external switch that L1's card is bound to already: a second one cannot be. */
function boundTo({ host }: Machine, uplink: Uplink | undefined): string | undefined {
  const description = uplink?.inside?.description;
  if (description === undefined) return undefined;
  return host.switches?.find(
    ({ type, adapterDescription }) => type === 'External' && adapterDescription === description,
  )?.name;
}

function problemOfUplink({ name }: Vm, uplink: Uplink | undefined): Message | null {
  if (!uplink || uplink.kind === 'none') return { key: 'network.uplinkNone', params: { name } };
  return uplink.inside ? null : { key: 'network.uplinkNotInside', params: { name } };
}

interface Addressing {
  readonly isNat: boolean;
  readonly prefix: string;
  readonly gateway: string | undefined;
  readonly edits: Edits;
}

function nestedOf(guest: Machine, switchName: string, addressing: Addressing): readonly NestedAdapter[] {
  const { isNat, prefix, gateway, edits } = addressing;
  const all = (guest.vms ?? []).flatMap((vm) => (vm.adapters ?? []).map((adapter) => ({ vm, adapter })));
  // What is connected elsewhere has its reason: only what has no network at all is proposed.
  const isOn = ({ id, switchId, switchName: now }: Adapter): boolean =>
    edits.connected[id] ?? (switchId === null || now === switchName);
  const on = all.filter(({ adapter }) => isOn(adapter));
  const typed = new Set(on.flatMap(({ adapter }) => edits.addresses[adapter.id] ?? []));
  const free = isNat && gateway !== undefined ? freeAddresses(prefix, guest, on.length, [gateway, ...typed]) : [];
  const proposed = new Map<AdapterId, string>();
  let next = 0;
  for (const { adapter } of on) {
    const own = edits.addresses[adapter.id] ?? ownAddress(adapter, prefix);
    proposed.set(adapter.id, own ?? free[next++] ?? '');
  }
  return all.map(({ vm, adapter }): NestedAdapter => {
    const address = proposed.get(adapter.id) ?? '';
    const others = [...proposed].flatMap(([id, one]) => (id === adapter.id ? [] : one));
    const isConnected = isOn(adapter);
    return {
      vm,
      adapter,
      isConnected,
      isThere: adapter.switchId !== null && adapter.switchName === switchName,
      address,
      problem: isNat && isConnected ? problemOfAddress(address, { prefix, gateway, others, guest, adapter }) : null,
    };
  });
}

/** It has one in this network already: it keeps it. */
function ownAddress({ addresses }: Adapter, prefix: string): string | undefined {
  return addresses?.find((address) => problemOfAddress(address, { prefix, others: [] }) === null);
}

/** Why the review waits. null: it does not. */
export function problemOf(choice: Choice): Message | null {
  const { way, prefix, switchName, natName, dns } = choice.problems;
  const ofAddress = choice.nested.find(({ problem }) => problem !== null)?.problem ?? null;
  const problem = way ?? prefix ?? switchName ?? natName ?? ofAddress ?? dns;
  if (problem) return problem;
  const isNothing = choice.makes === 0 && !choice.nested.some(({ isConnected }) => isConnected);
  return isNothing ? { key: 'network.nothingConnected' } : null;
}

/** An address is set inside a nested VM that can be entered; the others get the commands to run there. */
export function wantOf(choice: Choice): NetworkWant {
  const addresses = addressesOf(choice);
  const nested = choice.nested
    .filter(({ isConnected }) => isConnected)
    .map(({ vm, adapter }) => {
      const address = vm.guest && addresses.get(adapter.id);
      return { vm: vm.id, adapter: adapter.id, ...(address ? { address } : {}) };
    });
  switch (choice.kind) {
    case 'default-switch':
      return { kind: 'default-switch', nested };
    case 'external':
      return {
        kind: 'external',
        nested,
        adapter: choice.uplink?.adapter.id ?? '',
        switchName: choice.switchName.trim(),
      };
    case 'nat':
      return {
        kind: 'nat',
        nested,
        switchName: choice.switchName.trim(),
        natName: choice.natName.trim(),
        prefix: choice.prefix.trim(),
      };
  }
}

/** What each connected adapter is to have; none where the switch hands out addresses. */
export function addressesOf({ kind, prefix, gateway, dns, nested }: Choice): ReadonlyMap<AdapterId, StaticV4> {
  const prefixLength = parsePrefix(prefix)?.length;
  if (kind !== 'nat' || prefixLength === undefined || gateway === undefined) return new Map();
  const servers = serversOf(dns);
  return new Map(
    nested.flatMap(({ adapter, isConnected, address }) =>
      isConnected && address !== ''
        ? [[adapter.id, { address: address.trim(), prefixLength, gateway, dns: servers }]]
        : [],
    ),
  );
}
