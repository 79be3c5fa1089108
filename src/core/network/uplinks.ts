/** What a VM's adapters are plugged into: what an L0 switch is for the frames of a nested VM. */
import type { Guid } from '../cmdlets/call.js';
import type { Adapter, Machine, NetAdapter, Vm } from '../machine/machine.js';
import { byId, ifRead } from '../machine/reading.js';

/** A Windows client with Hyper-V has one, with this id on every PC; its name is localised (domain §4). */
export const DEFAULT_SWITCH = 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444';

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

export const uplinksOf = (host: Machine, { adapters, guest }: Vm): readonly Uplink[] =>
  ifRead(adapters, [], (all) => all.map((adapter) => uplinkOf(host, guest, adapter)));

const rank: readonly UplinkKind[] = [
  'wired',
  'external',
  'default-switch',
  'unknown',
  'wireless',
  'internal',
  'private',
];
/** The one that frames pass through best; undefined: none is connected. */
export const bestUplink = (uplinks: readonly Uplink[]): Uplink | undefined =>
  uplinks.filter(({ kind }) => kind !== 'none').toSorted((a, b) => rank.indexOf(a.kind) - rank.indexOf(b.kind))[0];

function uplinkOf(host: Machine, guest: Machine | undefined, adapter: Adapter): Uplink {
  const one = byId(host.host.switches, adapter.switchId);
  const card = ifRead(host.network?.adapters, undefined, (all) =>
    all.find(
      ({ description, name }) =>
        description !== undefined && description === one?.adapterDescription && !name.startsWith('vEthernet'),
    ),
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
  ifRead(guest?.network?.adapters, undefined, (all) =>
    all.find((card) => card.macAddress === macAddress && !card.name.startsWith('vEthernet')),
  );
