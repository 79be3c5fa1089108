/** Which way to a network for nested VMs fits (domain §4): from L1's Windows, the L0 switch of each adapter, and what L1 has already. */
import type { Message } from '../../text/index.js';
import type { NetworkWant } from '../machine/goal.js';
import type { Machine, Nat, Vm } from '../machine/machine.js';
import { belowOf, keepsForeignFrames } from '../machine/platform.js';
import { natOffer, natsOf, usableNat, type NatOffer } from './nat.js';
import { unusable } from './resolve.js';
import { bestUplink, DEFAULT_SWITCH, uplinksOf, type Uplink } from './uplinks.js';
import { ifRead } from '../machine/reading.js';

export interface Way {
  readonly kind: NetworkWant['kind'];
  readonly verdict: 'recommended' | 'possible' | 'not-here';
  readonly reason: Message;
  /** What will not work if it is chosen all the same. */
  readonly then?: Message;
}

export interface NetworkAdvice {
  readonly ways: readonly Way[];
  readonly uplinks: readonly Uplink[];
  /** The adapter that MAC address spoofing would be turned on for. */
  readonly uplink: Uplink | undefined;
  readonly nat: NatOffer | undefined;
  /** A NAT network that is there and cannot be used: never deleted, and the reason why no other can be made. */
  readonly otherNat: Nat | undefined;
}

export function adviseNetwork(host: Machine, vm: Vm): NetworkAdvice {
  const { guest } = vm;
  const uplinks = uplinksOf(host, vm);
  const uplink = bestUplink(uplinks);
  const own = guest && usableNat(guest)?.nat;
  const nat = guest && natOffer(host, guest);
  const other = natsOf(guest?.network).find(({ id }) => id !== own?.id);
  const hasDefaultSwitch = ifRead(guest?.host.switches, false, (all) => all.some(({ id }) => id === DEFAULT_SWITCH));
  const facts: Facts = { host, vm, guest, uplink, nat, own, other };
  const byDefault = defaultSwitchWay(facts, hasDefaultSwitch);
  const bySpoofing = externalWay(facts);
  const byNat = natWay(facts);
  // In Azure spoofing is never the way, whatever the switch: what its network takes is not ours to know (domain §1).
  const fit = belowOf(host.host) === 'azure' ? [byDefault, byNat] : [byDefault, bySpoofing, byNat];
  const best = fit.find(({ verdict, then }) => verdict !== 'not-here' && !then);
  const ways = [byDefault, byNat, bySpoofing].map((way) =>
    way === best || (!best && way === byNat && way.verdict !== 'not-here')
      ? { ...way, verdict: 'recommended' as const }
      : way,
  );
  return { ways, uplinks, uplink, nat, otherNat: own ? undefined : other };
}

interface Facts {
  readonly host: Machine;
  readonly vm: Vm;
  readonly guest: Machine | undefined;
  readonly uplink: Uplink | undefined;
  readonly nat: NatOffer | undefined;
  readonly own: Nat | undefined;
  readonly other: Nat | undefined;
}

function missing({ guest, vm }: Facts): Message | undefined {
  if (!guest) return { key: 'advice.notSignedIn', params: { vm: vm.name } };
  return unusable(vm, guest) ?? undefined;
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
  if (!uplink) return { kind, verdict: 'not-here', reason: noUplink(vm) };
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
      // A guest of a cloud may send with its own address only; a PC that is a guest itself may be in one.
      if (keepsForeignFrames(host.host))
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
    case 'unknown':
      return { kind, verdict: 'possible', ...unknownSwitch({ ...params, machine }) };
    case 'none':
      return { kind, verdict: 'not-here', reason: noUplink(vm) };
  }
}
const unknownSwitch = (params: {
  readonly switch: string;
  readonly machine: string;
}): Pick<Way, 'reason' | 'then'> => ({
  reason: { key: 'advice.switchUnknown', params },
  then: { key: 'advice.switchUnknownThen', params: { switch: params.switch } },
});
const noUplink = ({ adapters, name }: Vm): Message => ({
  key: adapters === undefined ? 'advice.adaptersUnread' : 'advice.notConnected',
  params: { vm: name },
});

function natWay(facts: Facts): Way {
  const { guest, vm, nat, own, other } = facts;
  const kind = 'nat';
  const not = missing(facts);
  if (not) return { kind, verdict: 'not-here', reason: not };
  const params = { vm: vm.name };
  if (guest?.network?.nats === 'missing')
    return { kind, verdict: 'not-here', reason: { key: 'advice.noWinNat', params } };
  // Which of them can be used shows in the addresses.
  if (!own && other && guest?.network?.addresses === undefined)
    return { kind, verdict: 'not-here', reason: { key: 'advice.natUnread', params } };
  if (own)
    return {
      kind,
      verdict: 'possible',
      reason: { key: 'advice.natThere', params: { name: own.name, prefix: own.prefix } },
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
