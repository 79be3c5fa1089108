/**
 * What a wish for a network comes to on this machine: which switch nested VMs are connected to, what of it is there and what
 * is missing, and why it cannot be. Offer, page, planner, setup and test all ask here.
 */
import { vmIn } from '../cmdlets/ref.js';
import type { Message } from '../../text/index.js';
import type { AdapterId } from '../cmdlets/call.js';
import type { NetworkWant, ThingToMake } from '../machine/goal.js';
import type { Adapter, Machine, Vm } from '../machine/machine.js';
import { dnsFor, freeAddresses } from './addresses.js';
import { freeName, problemOfName, takenNames } from './names.js';
import { addressesOn, internalSwitches, natOffer, natsOf } from './nat.js';
import { gatewayOf, parsePrefix } from './subnet.js';
import { problemOfMaking } from './things.js';
import { bestUplink, DEFAULT_SWITCH, uplinksOf, type Uplink } from './uplinks.js';
import { byId, ifRead } from '../machine/reading.js';

/** What it leaves open is as offered. */
export interface NetworkWish {
  readonly kind: NetworkWant['kind'];
  /** The L0 adapter of an external switch. */
  readonly adapter?: AdapterId;
  readonly switchName?: string;
  readonly natName?: string;
  readonly prefix?: string;
}

export interface Problems {
  readonly way: Message | null;
  readonly switchName: Message | null;
  readonly natName: Message | null;
  readonly prefix: Message | null;
}

export interface ResolvedNetwork {
  /** The switch that nested VMs are connected to, by name: one that is there, or the one to be made. Empty: there is none. */
  readonly switchName: string;
  /** Of a NAT network; empty: none, or none is free. */
  readonly natName: string;
  readonly prefix: string;
  /** undefined: the prefix cannot be read. */
  readonly gateway: string | undefined;
  /** The adapter that frames leave the machine by, as wished or as is best. */
  readonly uplink: Uplink | undefined;
  /** All of it is there, and is used as it is. */
  readonly isExisting: boolean;
  /** What is to be made, in this order: the rest, where a run was stopped in the middle. */
  readonly missing: readonly ThingToMake[];
  readonly problems: Problems;
}

export type Resolution = Omit<ResolvedNetwork, 'uplink'>;

const noProblem: Problems = { way: null, switchName: null, natName: null, prefix: null };

/** The one that is named first. null: nothing stands in the way. */
export const firstProblem = ({ way, prefix, switchName, natName }: Problems): Message | null =>
  way ?? prefix ?? switchName ?? natName;

/** `host`: the machine that the VM is in. undefined: nobody has looked inside. */
export function resolveNetwork(host: Machine, vm: Vm, wish: NetworkWish): ResolvedNetwork | undefined {
  const { guest } = vm;
  if (!guest) return undefined;
  const uplinks = uplinksOf(host, vm);
  const uplink =
    wish.adapter === undefined ? bestUplink(uplinks) : uplinks.find(({ adapter }) => adapter.id === wish.adapter);
  const resolved = { ...resolvers[wish.kind]({ host, vm, guest, wish, uplink }), uplink };
  const { problems, switchName } = resolved;
  const way = unusable(vm, guest);
  if (way) return { ...resolved, problems: { ...problems, way } };
  const isAmbiguous = ifRead(guest.host.switches, 0, (all) => all.filter(({ name }) => name === switchName).length) > 1;
  const ambiguous: Message = { key: 'advice.switchAmbiguous', params: { vm: vm.name, name: switchName } };
  return isAmbiguous ? { ...resolved, problems: { ...problems, switchName: ambiguous } } : resolved;
}

/** Why nothing can be made of its switches. What could not be read is not "none" (minikube#15621): another of one name would be made. */
export function unusable({ name: vm }: Vm, { host: { services, switches } }: Machine): Message | null {
  const vmms = ifRead(services, undefined, (all) => all['vmms']);
  if (services !== undefined && !vmms) return { key: 'advice.noHyperV', params: { vm } };
  // Named before what follows from it.
  if (vmms && vmms.state !== 'Running') return { key: 'advice.serviceStopped', params: { vm } };
  return switches === undefined ? { key: 'advice.switchesUnread', params: { vm } } : null;
}

interface Asked {
  readonly host: Machine;
  readonly vm: Vm;
  readonly guest: Machine;
  readonly wish: NetworkWish;
  readonly uplink: Uplink | undefined;
}
const resolvers: Readonly<Record<NetworkWant['kind'], (asked: Asked) => Resolution>> = {
  'default-switch': theDefaultSwitch,
  external: externalSwitch,
  nat: ({ host, vm, guest, wish }) => natNetwork({ home: guest, other: host, name: vm.name }, wish),
};

const nothing: Resolution = {
  switchName: '',
  natName: '',
  prefix: '',
  gateway: undefined,
  isExisting: true,
  missing: [],
  problems: noProblem,
};

function theDefaultSwitch({ vm, guest }: Asked): Resolution {
  const switchName = byId(guest.host.switches, DEFAULT_SWITCH)?.name;
  if (switchName !== undefined) return { ...nothing, switchName };
  return { ...nothing, problems: { ...noProblem, way: { key: 'advice.noDefaultSwitch', params: { vm: vm.name } } } };
}

function externalSwitch({ host, vm, guest, wish, uplink }: Asked): Resolution {
  const there = boundTo(guest, uplink);
  const params = { name: vm.name };
  const way: Message | null =
    !uplink || uplink.kind === 'none'
      ? { key: 'network.uplinkNone', params }
      : uplink.inside
        ? null
        : guest.network?.adapters === undefined
          ? { key: 'advice.natUnread', params: { vm: vm.name } }
          : { key: 'network.uplinkNotInside', params };
  if (there !== undefined) return { ...nothing, switchName: there, problems: { ...noProblem, way } };
  const taken = takenNames(guest);
  const switchName = wish.switchName ?? freeName('External', taken);
  const name = switchName.trim();
  const missing: readonly ThingToMake[] = uplink?.inside
    ? [{ what: 'switch', at: vmIn(host.at, vm.id), name, card: uplink.inside.name }]
    : [];
  const problems = { ...noProblem, way, switchName: problemOfName(switchName, taken) };
  return { ...nothing, switchName, isExisting: false, missing, problems };
}

/** The external switch that L1's card is bound to already: a second one cannot be. */
function boundTo({ host }: Machine, uplink: Uplink | undefined): string | undefined {
  const description = uplink?.inside?.description;
  if (description === undefined) return undefined;
  return ifRead(
    host.switches,
    undefined,
    (all) =>
      all.find(({ type, adapterDescription }) => type === 'External' && adapterDescription === description)?.name,
  );
}

/** Where a NAT network is wanted, and the machine around or inside it, whose networks are not free either. */
export interface Ground {
  readonly home: Machine;
  /** undefined: none is known. */
  readonly other: Machine | undefined;
  /** As the VM is called that it is in; undefined: it is a PC. */
  readonly name?: string;
}

/** The NAT network of a machine that is there and fits, else the rest of one, else one to be made as wished. */
export function natNetwork(ground: Ground, wish: Pick<NetworkWish, 'switchName' | 'natName' | 'prefix'>): Resolution {
  const offer = natOffer(ground.other, ground.home);
  if (offer?.existing && offer.prefix === (wish.prefix?.trim() ?? offer.prefix)) {
    const { switchName, natName, prefix, gateway } = offer;
    return { ...nothing, switchName, natName, prefix, gateway };
  }
  const names = {
    switchName: wish.switchName ?? offer?.switchName ?? '',
    natName: wish.natName ?? offer?.natName ?? '',
    prefix: wish.prefix ?? offer?.prefix ?? '',
  };
  const parsed = parsePrefix(names.prefix);
  const gateway = parsed && gatewayOf(parsed);
  const missing = missingOf(ground.home, names, gateway, parsed?.length);
  const problems = natProblems(ground, names, gateway, missing);
  return { ...nothing, ...names, gateway, isExisting: missing.length === 0, missing, problems };
}

interface NatNames {
  readonly switchName: string;
  readonly natName: string;
  readonly prefix: string;
}

function missingOf(
  home: Machine,
  { switchName: ofSwitch, natName, prefix: text }: NatNames,
  gateway: string | undefined,
  prefixLength: number | undefined,
): readonly ThingToMake[] {
  const { at } = home;
  const [switchName, name, prefix] = [ofSwitch.trim(), natName.trim(), text.trim()];
  const isThere = internalSwitches(home).some((one) => one.name === switchName);
  const hasAddress = addressesOn(home, switchName).some(({ address }) => address === gateway);
  const hasNat = natsOf(home.network).some((nat) => nat.name === name && nat.prefix === prefix);
  return [
    ...(isThere ? [] : [{ what: 'switch', at, name: switchName } as const]),
    ...(hasAddress || gateway === undefined || prefixLength === undefined
      ? []
      : [{ what: 'address', at, address: gateway, prefixLength, switchName } as const]),
    ...(hasNat ? [] : [{ what: 'nat', at, name, prefix } as const]),
  ];
}

function natProblems(
  ground: Ground,
  names: NatNames,
  gateway: string | undefined,
  missing: readonly ThingToMake[],
): Problems {
  const { home, other } = ground;
  const problemOf = (what: ThingToMake['what']): Message | null => {
    const thing = missing.find((one) => one.what === what);
    return thing ? problemOfMaking(other ?? null, home, thing) : null;
  };
  const ofNat = problemOf('nat');
  const isOther = ofNat?.key === 'advice.natOther';
  const nats = natsOf(home.network).map(({ name }) => name);
  return {
    way: natUnknown(ground) ?? (isOther ? ofNat : null),
    prefix: (isOther ? null : ofNat) ?? problemOf('address'),
    switchName: problemOfSwitch(home, names.switchName, gateway),
    natName: missing.some(({ what }) => what === 'nat') ? problemOfName(names.natName, nats) : null,
  };
}

function natUnknown({ home: { network }, other, name: vm }: Ground): Message | null {
  if (network?.nats === 'missing')
    return vm === undefined ? { key: 'advice.noWinNatHere' } : { key: 'advice.noWinNat', params: { vm } };
  const isRead = network?.nats !== undefined && network.addresses !== undefined;
  if (isRead && (!other || other.network?.addresses !== undefined)) return null;
  return vm === undefined ? { key: 'advice.natUnreadHere' } : { key: 'advice.natUnread', params: { vm } };
}

/** An internal switch of that name is taken up, unless it has an address of another network: that is somebody's. */
function problemOfSwitch(guest: Machine, switchName: string, gateway: string | undefined): Message | null {
  const name = switchName.trim();
  if (!internalSwitches(guest).some((one) => one.name === name)) return problemOfName(switchName, takenNames(guest));
  const addresses = addressesOn(guest, name);
  const isFree = addresses.length === 0 || addresses.some(({ address }) => address === gateway);
  return isFree ? null : { key: 'advice.nameTaken', params: { name } };
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
  const network = resolveNetwork(host, vm, { kind });
  if (!guest || !network) return undefined;
  const { uplink, switchName, natName, prefix, gateway } = network;
  const plain = nested.map((one) => ({ vm: one.vm.id, adapter: one.adapter.id }));
  if (kind === 'default-switch') return { kind, nested: plain };
  if (kind === 'external') return uplink && { kind, nested: plain, adapter: uplink.adapter.id, switchName };
  if (gateway === undefined) return undefined;
  const free = freeAddresses(prefix, guest, nested.length);
  const dns = dnsFor(host, guest);
  const prefixLength = parsePrefix(prefix)?.length ?? 24;
  const addressed = nested.map((one, index) => {
    const address = free[index];
    const base = { vm: one.vm.id, adapter: one.adapter.id };
    // Without a way inside it is set by hand, with the commands that the review shows.
    return address === undefined || !one.vm.guest
      ? base
      : { ...base, address: { address, prefixLength, gateway, dns } };
  });
  return { kind, switchName, natName, prefix, nested: addressed };
}
