/** A NAT network. */
import { isVmRef } from '../cmdlets/ref.js';
import { natsOf, usedBeside } from './nat.js';
import { problemOfPrefix } from './subnet.js';
import { UNKNOWN, withNetwork, type Row } from './thing-row.js';

export const ofNat: Row<'nat'> = {
  problem: (home, { prefix }, around) => {
    const [other] = natsOf(home.network);
    if (other) return { key: 'advice.natOther', params: { name: other.name, prefix: other.prefix } };
    return problemOfPrefix(prefix, usedBeside(around, home, prefix));
  },
  make: ({ name, prefix, at }) => ({
    title: { key: 'plan.makeNat', params: { name, prefix } },
    call: { cmdlet: 'New-NetNat', params: { Name: name, InternalIPInterfaceAddressPrefix: prefix }, at },
  }),
  why: ({ prefix, at }) => ({
    key: isVmRef(at) ? 'network.madeNatWhy' : 'network.madeNatWhyHere',
    params: { prefix },
  }),
  foreseen: ({ at, name, prefix }) => ({ what: 'nat', at, id: UNKNOWN, name, prefix }),
  add: (home, { name, prefix }) =>
    withNetwork(home, (network) => ({ nats: [...natsOf(network), { id: UNKNOWN, name, prefix }] })),
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
};
