/** An address of the machine's own end of a switch. */
import { isVmRef } from '../cmdlets/ref.js';
import type { NetAdapter } from '../machine/machine.js';
import { ifRead } from '../machine/reading.js';
import { hostEnd } from './names.js';
import { UNKNOWN, withNetwork, type Row } from './thing-row.js';

export const ofAddress: Row<'address'> = {
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
  why: ({ switchName, at }) => ({
    key: isVmRef(at) ? 'network.madeAddressWhy' : 'network.madeAddressWhyHere',
    params: { switch: switchName },
  }),
  foreseen: ({ at, address, prefixLength, switchName }) => ({
    what: 'address',
    at,
    id: address,
    prefixLength,
    adapter: UNKNOWN,
    name: hostEnd(switchName),
  }),
  add: (home, { address, prefixLength, switchName }) =>
    withNetwork(home, ({ adapters, addresses }) => {
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
};

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
