/** Things that a step makes inside a machine: whether there is room for one, and which it was. */
import type { Message } from '../../text/index.js';
import { hostEnd, natsOf, takenNames } from '../network/advice.js';
import type { Guid, MachineRef } from '../cmdlets/call.js';
import type { Made } from '../machine/goal.js';
import type { Machine } from '../machine/machine.js';
import { isIn, parsePrefix, problemOfPrefix, usedPrefixes } from '../network/subnet.js';

export type Making =
  | { readonly what: 'switch'; readonly at: MachineRef; readonly name: string }
  | { readonly what: 'nat'; readonly at: MachineRef; readonly name: string; readonly prefix: string }
  | {
      readonly what: 'address';
      readonly at: MachineRef;
      readonly address: string;
      readonly prefixLength: number;
      /** The switch whose end in the machine gets it. */
      readonly switchName: string;
    };

/** Asked again just before it is made: somebody else may have been quicker. null: there is room. */
export function problemOfMaking(root: Machine | null, guest: Machine, making: Making): Message | null {
  switch (making.what) {
    case 'switch':
      // Windows makes a second one of the same name without a word (facts: switch-duplicate).
      return takenNames(guest).some((name) => name.toLowerCase() === making.name.toLowerCase())
        ? { key: 'advice.nameTaken', params: { name: making.name } }
        : null;
    case 'nat': {
      const [other] = natsOf(guest.network);
      if (other) return { key: 'advice.natOther', params: { name: other.name, prefix: other.prefix } };
      return problemOfPrefix(making.prefix, usedBeside(root, guest, making.prefix));
    }
    case 'address':
      return guest.network?.addresses?.some(({ address }) => address === making.address)
        ? { key: 'advice.addressTaken', params: { address: making.address } }
        : null;
  }
}

/** What is in use besides the end of our own switch, which has its address in this very prefix already. */
function usedBeside(root: Machine | null, guest: Machine, text: string) {
  const prefix = parsePrefix(text);
  const ends = new Set(
    (guest.host.switches ?? []).flatMap(({ type, name }) =>
      type === 'Internal' && name !== undefined ? [hostEnd(name)] : [],
    ),
  );
  const own = (used: ReturnType<typeof usedPrefixes>[number]): boolean =>
    used.machine === (guest.host.name ?? '') &&
    used.kind !== 'nat' &&
    ends.has(used.name) &&
    prefix !== undefined &&
    isIn(used.prefix.first, prefix);
  return usedPrefixes([root ?? undefined, guest]).filter((used) => !own(used));
}
/** Ids of that kind that are there now: what is made is told from what was there before. */
export function idsOf(guest: Machine, { what }: Pick<Making, 'what'>): readonly string[] {
  switch (what) {
    case 'switch':
      return (guest.host.switches ?? []).map(({ id }) => id);
    case 'nat':
      return natsOf(guest.network).map(({ id }) => id);
    case 'address':
      return (guest.network?.addresses ?? []).map(({ address }) => address);
  }
}

/** What was made, by what Windows gave it. undefined: it is not there. */
export function madeBy(guest: Machine, making: Making, before: readonly string[]): Made | undefined {
  const isNew = (id: string): boolean => !before.includes(id);
  const { at } = making;
  switch (making.what) {
    case 'switch': {
      const found: { readonly id: Guid } | undefined = guest.host.switches?.find(
        ({ id, name }) => name === making.name && isNew(id),
      );
      return found && { what: 'switch', at, id: found.id, name: making.name };
    }
    case 'nat': {
      const { name, prefix } = making;
      const found = natsOf(guest.network).find((nat) => nat.name === name && nat.prefix === prefix && isNew(nat.id));
      return found && { what: 'nat', at, id: found.id, name, prefix };
    }
    case 'address': {
      const { address, prefixLength } = making;
      const found = guest.network?.addresses?.find((one) => one.address === address && isNew(one.address));
      const adapter = guest.network?.adapters?.find(({ index }) => index === found?.index);
      return adapter && { what: 'address', at, id: address, prefixLength, adapter: adapter.id, name: adapter.name };
    }
  }
}

/** What will be made, before it has an id: for showing what undoing it will run. */
export function foreseen(making: Making): Made {
  const { at } = making;
  switch (making.what) {
    case 'switch':
      return { what: 'switch', at, id: UNKNOWN, name: making.name };
    case 'nat':
      return { what: 'nat', at, id: UNKNOWN, name: making.name, prefix: making.prefix };
    case 'address': {
      const name = hostEnd(making.switchName);
      return { what: 'address', at, id: making.address, prefixLength: making.prefixLength, adapter: UNKNOWN, name };
    }
  }
}
/** Stands for an id that Windows gives later; no machine has it. */
export const UNKNOWN: Guid = '00000000-0000-0000-0000-000000000000';

/** The machine with that thing in it. */
export function withThing(guest: Machine, making: Making): Machine {
  const { network, host } = guest;
  switch (making.what) {
    case 'switch':
      return {
        ...guest,
        host: {
          ...host,
          switches: [
            ...(host.switches ?? []),
            { id: UNKNOWN, name: making.name, type: 'Internal', adapterDescription: '' },
          ],
        },
      };
    case 'nat':
      return network
        ? {
            ...guest,
            network: {
              ...network,
              nats: [...natsOf(network), { id: UNKNOWN, name: making.name, prefix: making.prefix }],
            },
          }
        : guest;
    case 'address': {
      const adapter = {
        name: hostEnd(making.switchName),
        description: undefined,
        id: UNKNOWN,
        index: 0,
        macAddress: null,
        wireless: false,
        hardware: false,
        connected: true,
        dhcp: false,
      };
      const address = { address: making.address, prefixLength: making.prefixLength, adapter: adapter.name, index: 0 };
      return network
        ? {
            ...guest,
            network: {
              ...network,
              adapters: [...(network.adapters ?? []), adapter],
              addresses: [...(network.addresses ?? []), address],
            },
          }
        : guest;
    }
  }
}
