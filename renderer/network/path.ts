/** The way of a packet from a nested VM to the outside, for one choice, with the names and addresses that are really there. */
import { natsOf } from '../../src/core/network/nat.js';
import type { Uplink, UplinkKind } from '../../src/core/network/uplinks.js';
import { isIn, parseAddress, parsePrefix } from '../../src/core/network/subnet.js';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import { noWords, shown, type Translator, type Words } from '../../src/text/index.js';
import type { IconName } from '../ui/icons.js';
import type { Choice } from './choice.js';
import { ifRead } from '../../src/core/machine/reading.js';

interface Hop {
  readonly icon: IconName;
  readonly name: Words;
  readonly note: Words;
  /** The one that the choice changes. */
  readonly isKey?: boolean;
  /** Where a packet is stopped. */
  readonly isBad?: boolean;
}
interface Zone {
  readonly name: Words;
  readonly level: string;
}
export interface PacketPath {
  /** L1, L0, outside. */
  readonly zones: readonly [Zone, Zone, Zone];
  /** Three in L1, two in L0, one outside. */
  readonly hops: readonly [Hop, Hop, Hop, Hop, Hop, Hop];
  /** How many of the five wires carry it. */
  readonly carried: number;
  /** What the packet says on its way: who sent it, as is read there. */
  readonly inside: string;
  readonly outside: string | null;
}

/** `00-15-5D-2C-07-11`, as Windows writes it inside. null: none yet (an adapter that never ran). */
export function dashed(macAddress: string | undefined | null): string | null {
  const plain = macAddress?.replace(/[^0-9a-f]/gi, '') ?? '';
  return plain.length === 12 && !/^0+$/.test(plain) ? plain.toUpperCase().replace(/(..)(?!$)/g, '$1-') : null;
}

const kindKeys = {
  wired: 'network.pathExternal',
  wireless: 'network.pathExternal',
  external: 'network.pathExternal',
  internal: 'network.pathInternal',
  'default-switch': 'network.pathNatAndDhcp',
  private: 'network.pathPrivate',
  none: 'network.pathNotConnected',
  unknown: 'network.pathUnread',
} as const satisfies Record<UplinkKind, string>;

export function packetPath(t: Translator, host: Machine, vm: Vm, choice: Choice): PacketPath {
  const pc = host.host.name ?? t('host.pc');
  const { kind, uplink } = choice;
  const connected = choice.nested.filter(({ isConnected }) => isConnected);
  const [first, ...others] = connected;
  const own = ownAddress(vm, uplink);
  const isSpoofed = kind === 'external';
  const senders = kind === 'nat' && first ? first.address : '';
  const nested: Hop = {
    icon: 'nest-inside',
    name: first ? shown(first.vm.name) : t('network.pathNested'),
    note:
      others.length > 0
        ? t('network.pathAndMore', { count: others.length })
        : senders === ''
          ? t('network.pathByDhcp')
          : shown(senders),
  };
  const [inner, key] = insideHops(t, choice);
  const out = outsideHops(t, host, vm.name, choice);
  const mac = dashed(first?.adapter.macAddress);
  const ownMac = dashed(uplink?.adapter.macAddress);
  return {
    zones: [
      { name: shown(vm.name), level: 'L1' },
      { name: shown(pc), level: 'L0' },
      { name: t('network.pathOutside'), level: '' },
    ],
    hops: [nested, inner, key, ...out.hops],
    carried: out.carried,
    inside: isSpoofed
      ? mac !== null && first
        ? t('network.carrySpoofed', { mac, name: first.vm.name, own: ownMac ?? t('network.itsAddress') })
        : t('network.carrySpoofedPlain')
      : senders === ''
        ? t('network.carryByDhcp')
        : t('network.carryInside', { address: senders }),
    outside: isSpoofed
      ? null
      : own === null
        ? t('network.carryOutsidePlain', { name: vm.name })
        : t('network.carryOutside', { address: own, name: vm.name }),
  };
}

function insideHops(t: Translator, choice: Choice): readonly [Hop, Hop] {
  const adapter: Hop = {
    icon: 'nic',
    name: named(choice.uplink?.adapter.name) ?? t('network.pathItsAdapter'),
    note: t('network.pathOneSender'),
  };
  switch (choice.kind) {
    case 'default-switch':
      return [
        { icon: 'gate', name: shown(choice.switchName), note: t('network.pathNatAndDhcp'), isKey: true },
        adapter,
      ];
    case 'nat':
      return [
        {
          icon: 'swap',
          name: shown(choice.switchName),
          note: choice.gateway === undefined ? noWords : t('network.pathGateway', { address: choice.gateway }),
        },
        { icon: 'gate', name: shown(choice.natName), note: t('network.pathSwaps'), isKey: true },
      ];
    case 'external':
      return [
        { icon: 'swap', name: shown(choice.switchName), note: t('network.pathOnItsAdapter') },
        { ...adapter, note: t('network.pathSpoofing'), isKey: true },
      ];
  }
}

/** Switch and card of L0, and the network; what of it is reached. */
interface WayOut {
  readonly hops: readonly [Hop, Hop, Hop];
  readonly carried: number;
}

function outsideHops(t: Translator, host: Machine, name: string, choice: Choice): WayOut {
  const { uplink } = choice;
  const pc = host.host.name ?? t('host.pc');
  const kind = uplink?.kind ?? 'none';
  const change: Hop = {
    icon: 'swap',
    name: named(uplink?.switchName) ?? t('network.pathNoSwitch'),
    note: t(kindKeys[kind]),
  };
  const unreached = networkHop(t, t('network.pathNotReached'));
  const sees = networkHop(t, t('network.pathSeesOnly', { name: pc }));
  switch (kind) {
    case 'none':
      return { hops: [{ ...change, isBad: true }, pcHop(pc, noWords), unreached], carried: 2 };
    case 'private': {
      const others: Hop = { icon: 'vm', name: t('network.pathOtherVms'), note: t('network.pathEndsHere') };
      return { hops: [change, others, unreached], carried: 4 };
    }
    case 'internal': {
      // Where this PC has a NAT network of its own, it goes on; a frame with a sender of another network does not.
      const goesOn = natOf(host, uplink) && choice.kind !== 'external';
      return goesOn
        ? { hops: [change, natHop(t, pc), sees], carried: 5 }
        : { hops: [change, pcHop(pc, t('network.pathEndsHere')), unreached], carried: 4 };
    }
    case 'default-switch': {
      const card: Hop = { icon: 'nic', name: t('network.pathCardOf', { name: pc }), note: t('network.pathOneSender') };
      return { hops: [{ ...change, icon: 'gate' }, card, sees], carried: 5 };
    }
    case 'wireless':
    case 'wired':
    case 'external':
    case 'unknown':
      return throughCard(t, change, name, choice);
  }
}

/** Out through the card that the switch of L0 is bound to. */
function throughCard(t: Translator, change: Hop, name: string, { kind, uplink }: Choice): WayOut {
  const card: Hop = {
    icon: 'nic',
    name: shown(plainCard(uplink?.card ?? t('network.pathCard'))),
    note: t('network.pathOneSender'),
  };
  if (kind !== 'external')
    return { hops: [change, card, networkHop(t, t('network.pathSeesOnly', { name }))], carried: 5 };
  // A radio link carries frames of its own sender alone.
  if (uplink?.kind === 'wireless') {
    const dropping: Hop = { ...card, note: t('network.pathDrops'), isBad: true };
    return { hops: [change, dropping, networkHop(t, t('network.pathNotReached'))], carried: 3 };
  }
  const note = t(uplink?.kind === 'wired' ? 'network.pathWired' : 'network.pathEverySender');
  return { hops: [change, { ...card, note }, networkHop(t, t('network.pathAnswers'))], carried: 5 };
}

const networkHop = (t: Translator, note: Words): Hop => ({ icon: 'globe', name: t('network.pathYourNetwork'), note });
const pcHop = (pc: string, note: Words): Hop => ({ icon: 'pc', name: shown(pc), note });
const natHop = (t: Translator, pc: string): Hop => ({
  icon: 'gate',
  name: t('network.pathNatOf', { machine: pc }),
  note: t('network.pathSwaps'),
});

const named = (name: string | null | undefined): Words | undefined =>
  typeof name === 'string' ? shown(name) : undefined;

/** The mark of a trade name is no part of what a card is called. */
const plainCard = (description: string): string => description.replace(/\((?:R|TM|C)\)/gi, '');

/** A NAT network of this PC on its end of that switch. */
function natOf({ network }: Machine, uplink: Uplink | undefined): boolean {
  const end = ifRead(network?.adapters, undefined, (all) =>
    all.find(({ name }) => name === `vEthernet (${uplink?.switchName ?? ''})`),
  );
  const addresses = ifRead(network?.addresses, [], (all) => all.filter(({ index }) => index === end?.index));
  return natsOf(network).some(({ prefix: text }) => {
    const prefix = parsePrefix(text);
    return addresses.some(({ address }) => {
      const number = parseAddress(address);
      return prefix !== undefined && number !== undefined && isIn(number, prefix);
    });
  });
}

function ownAddress(vm: Vm, uplink: Uplink | undefined): string | null {
  const fromInside = ifRead(
    vm.guest?.network?.addresses,
    undefined,
    (all) => all.find(({ index }) => index === uplink?.inside?.index)?.address,
  );
  const isIpv4 = (address: string): boolean => parseAddress(address) !== undefined;
  return fromInside ?? ifRead(uplink?.adapter.addresses, undefined, (all) => all.find(isIpv4)) ?? null;
}

/** The whole way in one sentence after another, for who does not see the drawing. */
export function pathWords(t: Translator, { hops, zones, carried }: PacketPath): readonly string[] {
  const zoneOf = (index: number): Words => (index < 3 ? zones[0].name : index < 5 ? zones[1].name : zones[2].name);
  return hops.map(({ name, note }, index) => {
    const words =
      note === ''
        ? t('network.pathHop', { name, zone: zoneOf(index) })
        : t('network.pathHopNote', { name, note, zone: zoneOf(index) });
    return index === carried + 1 ? `${words} ${t('network.pathStops')}` : words;
  });
}
