/** What a person chooses for the network of nested VMs. Only what differs from the advice is kept: a new reading moves the rest. */
import { dnsFor, freeAddresses } from '../../src/core/network/addresses.js';
import type { NetworkAdvice, Way } from '../../src/core/network/advice.js';
import {
  firstProblem,
  resolveNetwork,
  type NetworkWish,
  type ResolvedNetwork,
} from '../../src/core/network/resolve.js';
import type { Uplink } from '../../src/core/network/uplinks.js';
import type { AdapterId } from '../../src/core/cmdlets/call.js';
import type { NetworkWant, StaticV4 } from '../../src/core/machine/goal.js';
import type { Adapter, Machine, Vm } from '../../src/core/machine/machine.js';
import { parsePrefix, usedPrefixes } from '../../src/core/network/subnet.js';
import type { Message } from '../../src/text/index.js';
import { problemOfAddress, problemOfServers, serversOf } from './address.js';
import { ifRead } from '../../src/core/machine/reading.js';

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
  readonly problems: ResolvedNetwork['problems'] & { readonly dns: Message | null };
  /** Networks that the prefix was compared with. */
  readonly compared: number;
  /** How many things are made inside. */
  readonly makes: number;
}

/** What a goal asks for, as edits: the page opens with it. */
export function editsOf(want: NetworkWant | 'choose'): Edits {
  if (want === 'choose') return { connected: {}, addresses: {} };
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
  const network = way && resolveNetwork(host, vm, wishOf(way.kind, advice, edits));
  if (!network || !guest) return undefined;
  const { kind } = way;
  const { switchName, natName, prefix, gateway, uplink, isExisting, missing, problems } = network;
  const dns = edits.dns ?? dnsFor(host, guest).join(', ');
  return {
    way,
    kind,
    uplink,
    switchName,
    natName,
    prefix,
    gateway,
    isExisting,
    nested: nestedOf(guest, switchName, { isNat: kind === 'nat', prefix, gateway, edits }),
    dns,
    problems: { ...problems, dns: kind === 'nat' ? problemOfServers(dns) : null },
    compared: usedPrefixes([host, guest]).length,
    makes: missing.length,
  };
}

/** What is there already is used as it is, whatever was written before. */
function wishOf(kind: NetworkWant['kind'], { nat, uplink, uplinks }: NetworkAdvice, edits: Edits): NetworkWish {
  if (kind === 'nat' && nat?.existing) return { kind };
  const { switchName, natName, prefix } = edits;
  const own = uplinks.find(({ adapter }) => adapter.id === edits.uplink) ?? uplink;
  return {
    kind,
    ...(own && { adapter: own.adapter.id }),
    ...(switchName === undefined ? {} : { switchName }),
    ...(natName === undefined ? {} : { natName }),
    ...(prefix === undefined ? {} : { prefix }),
  };
}

interface Addressing {
  readonly isNat: boolean;
  readonly prefix: string;
  readonly gateway: string | undefined;
  readonly edits: Edits;
}

function nestedOf(guest: Machine, switchName: string, addressing: Addressing): readonly NestedAdapter[] {
  const { isNat, prefix, gateway, edits } = addressing;
  const all = ifRead(guest.vms, [], (vms) =>
    vms.flatMap((vm) => ifRead(vm.adapters, [], (own) => own.map((adapter) => ({ vm, adapter })))),
  );
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
  return ifRead(addresses, undefined, (all) =>
    all.find((address) => problemOfAddress(address, { prefix, others: [] }) === null),
  );
}

/** Why the review waits. null: it does not. */
export function problemOf(choice: Choice): Message | null {
  const ofAddress = choice.nested.find(({ problem }) => problem !== null)?.problem ?? null;
  const problem = firstProblem(choice.problems) ?? ofAddress ?? choice.problems.dns;
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
