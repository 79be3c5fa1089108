/** Things that a step makes inside a machine: one row a kind says everything of it, from whether there is room to its removal. */
import type { Message } from '../../text/index.js';
import type { Guid, HostCall } from '../cmdlets/call.js';
import type { Thing, ThingKind, ThingToMake } from '../machine/goal.js';
import type { Machine, NetAdapter, Network } from '../machine/machine.js';
import { hostEnd, isTaken, takenNames } from './names.js';
import { natsOf, usedBeside } from './nat.js';
import { problemOfPrefix } from './subnet.js';
import { ifRead } from '../machine/reading.js';

interface Act {
  readonly title: Message;
  readonly call: HostCall;
}

interface Row<K extends ThingKind> {
  /** Asked again just before it is made: somebody else may have been quicker. null: there is room. */
  readonly problem: (guest: Machine, thing: ThingToMake<K>, around: Machine | null) => Message | null;
  readonly make: (thing: ThingToMake<K>) => Act;
  /** What it is for, as the tables say of what is to be made. */
  readonly why: (thing: ThingToMake<K>) => Message;
  /** What will be made, before it has an id: for showing what undoing it will run. */
  readonly foreseen: (thing: ThingToMake<K>) => Thing<K>;
  /** The machine with that thing in it. */
  readonly add: (guest: Machine, thing: ThingToMake<K>) => Machine;
  /** Ids of that kind that are there now; undefined: not known. */
  readonly ids: (guest: Machine) => readonly string[] | undefined;
  /** The one of its description whose id passes. */
  readonly find: (guest: Machine, thing: ThingToMake<K>, isIt: (id: string) => boolean) => Thing<K> | undefined;
  /** Still exactly what was made: else something else has its place (another prefix, another adapter). */
  readonly isSame: (guest: Machine, thing: Thing<K>) => boolean;
  /** undefined: it cannot be told from others. */
  readonly remove: (guest: Machine, thing: Thing<K>) => Act | undefined;
  readonly nameOf: (thing: Thing<K>) => Message;
  /** As it is called where only its kind is known. */
  readonly kindName: Message;
}

/** Stands for an id that Windows gives later; no machine has it. */
export const UNKNOWN: Guid = '00000000-0000-0000-0000-000000000000';

/** In the order in which they are made. */
const things: { readonly [K in ThingKind]: Row<K> } = {
  switch: {
    // Windows makes a second one of the same name without a word (facts: switch-duplicate).
    problem: (guest, { name }) =>
      isTaken(name, takenNames(guest)) ? { key: 'advice.nameTaken', params: { name } } : null,
    make: ({ name, card, at }) =>
      card === undefined
        ? {
            title: { key: 'plan.makeSwitch', params: { name } },
            call: { cmdlet: 'New-VMSwitch/Internal', params: { Name: name }, at },
          }
        : {
            title: { key: 'plan.makeExternal', params: { name } },
            call: { cmdlet: 'New-VMSwitch/External', params: { Name: name, NetAdapterName: card }, at },
          },
    why: ({ card }) => ({ key: card === undefined ? 'network.madeSwitchWhy' : 'network.madeExternalWhy' }),
    foreseen: ({ at, name }) => ({ what: 'switch', at, id: UNKNOWN, name }),
    add: (guest, { name }) => {
      const added = { id: UNKNOWN, name, type: 'Internal', adapterDescription: '' } as const;
      return { ...guest, host: { ...guest.host, switches: [...ifRead(guest.host.switches, [], (all) => all), added] } };
    },
    ids: ({ host }) => ifRead(host.switches, undefined, (all) => all.map(({ id }) => id)),
    find: ({ host }, { at, name }, isIt) => {
      const found = ifRead(host.switches, undefined, (all) => all.find((one) => one.name === name && isIt(one.id)));
      return found && { what: 'switch', at, id: found.id, name };
    },
    isSame: ({ host }, { id, name }) =>
      ifRead(host.switches, false, (all) => all.some((one) => one.id === id && one.name === name)),
    remove: (_, { id, name, at }) => ({
      title: { key: 'plan.removeSwitch', params: { name } },
      call: { cmdlet: 'Remove-VMSwitch', params: {}, at, on: { switch: id } },
    }),
    nameOf: ({ name }) => ({ key: 'network.madeSwitch', params: { name } }),
    kindName: { key: 'plan.nameMadeSwitch' },
  },
  address: {
    problem: ({ network }, { address }) =>
      ifRead(network?.addresses, undefined, (all) => all.some((one) => one.address === address))
        ? { key: 'advice.addressTaken', params: { address } }
        : null,
    make: ({ address: IPAddress, prefixLength: PrefixLength, switchName, at }) => ({
      title: { key: 'plan.makeAddress', params: { address: `${IPAddress}/${String(PrefixLength)}` } },
      call: {
        cmdlet: 'New-NetIPAddress/Alias',
        params: { InterfaceAlias: hostEnd(switchName), IPAddress, PrefixLength },
        at,
      },
    }),
    why: ({ switchName }) => ({ key: 'network.madeAddressWhy', params: { switch: switchName } }),
    foreseen: ({ at, address, prefixLength, switchName }) => ({
      what: 'address',
      at,
      id: address,
      prefixLength,
      adapter: UNKNOWN,
      name: hostEnd(switchName),
    }),
    add: (guest, { address, prefixLength, switchName }) =>
      withNetwork(guest, ({ adapters, addresses }) => {
        const end = endOf(switchName);
        return {
          adapters: [...ifRead(adapters, [], (all) => all), end],
          addresses: [
            ...ifRead(addresses, [], (all) => all),
            { address, prefixLength, adapter: end.name, index: end.index },
          ],
        };
      }),
    ids: ({ network }) => ifRead(network?.addresses, undefined, (all) => all.map(({ address }) => address)),
    find: ({ network }, { at, address, prefixLength }, isIt) => {
      const found = ifRead(network?.addresses, undefined, (all) =>
        all.find((one) => one.address === address && isIt(one.address)),
      );
      const adapter = ifRead(network?.adapters, undefined, (all) => all.find(({ index }) => index === found?.index));
      return adapter && { what: 'address', at, id: address, prefixLength, adapter: adapter.id, name: adapter.name };
    },
    isSame: ({ network }, { id, prefixLength, adapter }) => {
      const index = ifRead(network?.adapters, undefined, (all) => all.find((one) => one.id === adapter)?.index);
      return ifRead(network?.addresses, false, (all) =>
        all.some((one) => one.address === id && one.prefixLength === prefixLength && one.index === index),
      );
    },
    remove: ({ network }, { id, adapter, at }) => {
      const index = ifRead(network?.adapters, undefined, (all) => all.find((one) => one.id === adapter)?.index);
      return index === undefined
        ? undefined
        : {
            title: { key: 'plan.removeAddress', params: { address: id } },
            call: { cmdlet: 'Remove-NetIPAddress', params: { InterfaceIndex: index, IPAddress: id }, at },
          };
    },
    nameOf: ({ id, prefixLength }) => ({
      key: 'network.madeAddress',
      params: { address: `${id}/${String(prefixLength)}` },
    }),
    kindName: { key: 'plan.nameMadeAddress' },
  },
  nat: {
    problem: (guest, { prefix }, around) => {
      const [other] = natsOf(guest.network);
      if (other) return { key: 'advice.natOther', params: { name: other.name, prefix: other.prefix } };
      return problemOfPrefix(prefix, usedBeside(around, guest, prefix));
    },
    make: ({ name, prefix, at }) => ({
      title: { key: 'plan.makeNat', params: { name, prefix } },
      call: { cmdlet: 'New-NetNat', params: { Name: name, InternalIPInterfaceAddressPrefix: prefix }, at },
    }),
    why: ({ prefix }) => ({ key: 'network.madeNatWhy', params: { prefix } }),
    foreseen: ({ at, name, prefix }) => ({ what: 'nat', at, id: UNKNOWN, name, prefix }),
    add: (guest, { name, prefix }) =>
      withNetwork(guest, (network) => ({ nats: [...natsOf(network), { id: UNKNOWN, name, prefix }] })),
    ids: ({ network }) => (network?.nats === undefined ? undefined : natsOf(network).map(({ id }) => id)),
    find: ({ network }, { at, name, prefix }, isIt) => {
      const found = natsOf(network).find((nat) => nat.name === name && nat.prefix === prefix && isIt(nat.id));
      return found && { what: 'nat', at, id: found.id, name, prefix };
    },
    isSame: ({ network }, { id, name, prefix }) =>
      natsOf(network).some((nat) => nat.id === id && nat.name === name && nat.prefix === prefix),
    remove: (_, { id, name, at }) => ({
      title: { key: 'plan.removeNat', params: { name } },
      call: { cmdlet: 'Remove-NetNat', params: {}, at, on: { nat: id } },
    }),
    nameOf: ({ name }) => ({ key: 'network.madeNat', params: { name } }),
    kindName: { key: 'plan.nameMadeNat' },
  },
};

function withNetwork(guest: Machine, change: (network: Network) => Partial<Network>): Machine {
  const { network } = guest;
  return network ? { ...guest, network: { ...network, ...change(network) } } : guest;
}

/** The adapter that comes with a switch. */
const endOf = (switchName: string): NetAdapter => ({
  name: hostEnd(switchName),
  description: undefined,
  id: UNKNOWN,
  index: 0,
  macAddress: null,
  wireless: false,
  hardware: false,
  connected: true,
  dhcp: false,
});

export const isThingKind = (text: string | undefined): text is ThingKind =>
  text !== undefined && Object.hasOwn(things, text);

/** What was made last goes first: each only while it is exactly what was made. */
export const removalOrder: readonly ThingKind[] = Object.keys(things).filter(isThingKind).toReversed();

export const problemOfMaking = <K extends ThingKind>(
  around: Machine | null,
  guest: Machine,
  thing: ThingToMake<K>,
): Message | null => things[thing.what].problem(guest, thing, around);

export const actOfMaking = <K extends ThingKind>(thing: ThingToMake<K>): Act => things[thing.what].make(thing);

export const whyOfMaking = <K extends ThingKind>(thing: ThingToMake<K>): Message => things[thing.what].why(thing);

export const foreseen = <K extends ThingKind>(thing: ThingToMake<K>): Thing<K> => things[thing.what].foreseen(thing);

export const withThing = <K extends ThingKind>(guest: Machine, thing: ThingToMake<K>): Machine =>
  things[thing.what].add(guest, thing);

/** Ids of that kind that are there now: what is made is told from what was there before. undefined: not known. */
export const idsOf = (guest: Machine, { what }: Pick<ThingToMake, 'what'>): readonly string[] | undefined =>
  things[what].ids(guest);

/** What was made, by what Windows gave it. undefined: it is not there. */
export const madeBy = <K extends ThingKind>(
  guest: Machine,
  thing: ThingToMake<K>,
  before: readonly string[],
): Thing<K> | undefined => things[thing.what].find(guest, thing, (id) => !before.includes(id));

/** By its id alone. undefined: not known. */
export function isThere(guest: Machine, { what, id }: Pick<Thing, 'what' | 'id'>): 'there' | 'gone' | undefined {
  const ids = things[what].ids(guest);
  return ids && (ids.includes(id) ? 'there' : 'gone');
}

export const sameAs = <K extends ThingKind>(guest: Machine, thing: Thing<K>): boolean =>
  things[thing.what].isSame(guest, thing);

export const actOfRemoving = <K extends ThingKind>(guest: Machine, thing: Thing<K>): Act | undefined =>
  things[thing.what].remove(guest, thing);

export const nameOfThing = <K extends ThingKind>(thing: Thing<K>): Message => things[thing.what].nameOf(thing);
export const nameOfThingKind = (what: ThingKind): Message => things[what].kindName;
