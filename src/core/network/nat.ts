/** NAT networks of a machine: one that nested VMs can use, one that was made by half, or one that is free. */
import type { Machine, Nat, Network } from '../machine/machine.js';
import { freeName, hostEnd, takenNames } from './names.js';
import {
  firstFree,
  gatewayOf,
  isIn,
  parseAddress,
  parsePrefix,
  prefixText,
  problemOfPrefix,
  usedPrefixes,
  type Used,
  isLinkLocal,
} from './subnet.js';
import { DEFAULT_SWITCH } from './uplinks.js';
import { ifRead } from '../machine/reading.js';

/** Without WinNAT, or where they could not be read, none is known. */
export const natsOf = (network: Network | undefined): readonly Nat[] =>
  typeof network?.nats === 'object' ? network.nats : [];

interface NamedSwitch {
  readonly id: string;
  readonly name: string;
}
/** The machine's own internal switches: Windows keeps the addresses of the Default Switch to itself. */
export const internalSwitches = ({ host }: Machine): readonly NamedSwitch[] =>
  ifRead(host.switches, [], (all) =>
    all.flatMap(({ type, id, name }) =>
      type === 'Internal' && id !== DEFAULT_SWITCH && name !== undefined ? [{ id, name }] : [],
    ),
  );

/** Addresses of the machine's end of a switch. Windows gives it a link-local one by itself: that says nothing. */
export const addressesOn = ({ network }: Machine, switchName: string) =>
  ifRead(network?.addresses, [], (all) =>
    all.filter(({ adapter, address }) => adapter === hostEnd(switchName) && !isLinkLocal(address)),
  );

interface UsableNat {
  readonly nat: Nat;
  readonly switchName: string;
  readonly gateway: string;
}
/** A NAT network that nested VMs can use: an internal switch of this machine has an address in it. */
export function usableNat(machine: Machine): UsableNat | undefined {
  for (const nat of natsOf(machine.network)) {
    const prefix = parsePrefix(nat.prefix);
    if (!prefix) continue;
    for (const { name } of internalSwitches(machine)) {
      const gateway = addressesOn(machine, name).find(({ address }) => isIn(parseAddress(address) ?? -1, prefix));
      if (gateway) return { nat, switchName: name, gateway: gateway.address };
    }
  }
  return undefined;
}

export interface NatOffer {
  readonly switchName: string;
  readonly natName: string;
  readonly prefix: string;
  readonly gateway: string;
  /** It is there already and will be used: nothing of it is made, changed or removed. */
  readonly existing: boolean;
}

/** The NAT network that is there, else the rest of one, else one that overlaps nothing. undefined: not known well enough to say. */
export function natOffer(host: Machine | undefined, guest: Machine): NatOffer | undefined {
  const usable = usableNat(guest);
  if (usable) {
    const { nat, switchName, gateway } = usable;
    return { switchName, natName: nat.name, prefix: nat.prefix, gateway, existing: true };
  }
  if ((host && !isRead(host.network)) || !isRead(guest.network) || guest.host.switches === undefined) return undefined;
  const half = madeByHalf(host, guest);
  const free = firstFree(usedPrefixes([host, guest]).map((used) => used.prefix));
  const prefix = half?.prefix ?? (free && prefixText(free));
  const parsed = prefix === undefined ? undefined : parsePrefix(prefix);
  if (prefix === undefined || !parsed) return undefined;
  return {
    switchName: half?.switchName ?? freeName(SWITCH_NAME, takenNames(guest)),
    natName: freeName(
      'LocalNAT',
      natsOf(guest.network).map(({ name }) => name),
    ),
    prefix,
    gateway: gatewayOf(parsed),
    existing: false,
  };
}

/** What is not known to be free is not offered. */
const isRead = (network: Network | undefined): boolean =>
  network?.addresses !== undefined && network.routes !== undefined && network.nats !== undefined;

const SWITCH_NAME = 'VmNAT';
const isOurName = (name: string): boolean => /^VmNAT(?:-\d+)?$/.test(name);

/** A run was stopped between switch and NAT network: the switch that it left is taken up, with the address it has. */
function madeByHalf(
  host: Machine | undefined,
  guest: Machine,
): { readonly switchName: string; readonly prefix?: string } | undefined {
  const names = ifRead(guest.host.switches, [], (all) => all).map(({ name }) => name);
  for (const { name: switchName } of internalSwitches(guest)) {
    if (!isOurName(switchName) || names.indexOf(switchName) !== names.lastIndexOf(switchName)) continue;
    const [address, ...others] = addressesOn(guest, switchName);
    if (!address) return { switchName };
    const parsed = parsePrefix(`${address.address}/${String(address.prefixLength)}`);
    if (others.length > 0 || !parsed || gatewayOf(parsed) !== address.address) continue;
    const prefix = prefixText(parsed);
    if (problemOfPrefix(prefix, usedBeside(host ?? null, guest, prefix)) === null) return { switchName, prefix };
  }
  return undefined;
}

/** What is in use besides the end of our own switch, which may have its address in this very prefix already. */
export function usedBeside(host: Machine | null, guest: Machine, text: string): readonly Used[] {
  const prefix = parsePrefix(text);
  const ends = new Set(internalSwitches(guest).map(({ name }) => hostEnd(name)));
  const isOwn = (used: Used): boolean =>
    used.machine === (guest.host.name ?? '') &&
    used.kind !== 'nat' &&
    ends.has(used.name) &&
    prefix !== undefined &&
    isIn(used.prefix.first, prefix);
  return usedPrefixes([host ?? undefined, guest]).filter((used) => !isOwn(used));
}
