/** Reads of the network through CIM (root/StandardCimv2): they need no rights, on this PC and inside. */
import { addressesOf, dnsOf, isConnected, routesOf, takenBy, type Address } from '../addresses.js';
import { CmdletError } from '../errors.js';
import { addressText, parseAddress, parsePrefix } from '../ipv4.js';
import type { Row } from '../objects.js';
import { hasWinNat } from '../roles.js';
import type { Invocation } from './cmdlet.js';

type Place = Pick<Invocation, 'world' | 'machine'>;

const v4 = 2;
const v6 = 23;
/** The loop back of Windows; no card. */
const loopback = { index: 1, alias: 'Loopback Pseudo-Interface 1' };

const aliasOf = ({ machine }: Place, index: number) =>
  machine.network.cards.find((card) => card.index === index)?.name ?? loopback.alias;

const withDashes = (mac: string) => mac.replace(/(..)(?=.)/g, '$1-');

export const adapters = ({ world, machine }: Place): readonly Row[] =>
  machine.network.cards.map((card) => {
    const isHardware = !('switch' in card.plug || 'tunnel' in card.plug);
    return {
      Name: card.name,
      InterfaceDescription: card.description,
      InterfaceGuid: `{${card.id.toUpperCase()}}`,
      InterfaceIndex: card.index,
      PermanentAddress: card.mac,
      NetworkAddresses: card.mac === null ? [] : [withDashes(card.mac)],
      // 9: native 802.11, 14: 802.3
      NdisPhysicalMedium: card.wireless ? 9 : isHardware ? 14 : 0,
      HardwareInterface: isHardware,
      ConnectorPresent: isHardware,
      Virtual: !isHardware,
      MediaConnectState: isConnected(world, machine, card) ? 1 : 2,
    };
  });

const origins: Readonly<Record<Address['origin'], number>> = { 'by-hand': 1, 'link-local': 2, dhcp: 3 };

/** In use, then kept for the next start: only what was given by hand is in both stores. */
export function addressRows(place: Place): readonly Row[] {
  const own = addressesOf(place.world, place.machine).flatMap((one): readonly Row[] => {
    const row = {
      IPAddress: one.address,
      IPv4Address: one.address,
      PrefixLength: one.prefixLength,
      InterfaceAlias: aliasOf(place, one.index),
      InterfaceIndex: one.index,
      AddressFamily: v4,
      PrefixOrigin: origins[one.origin],
      Store: 1,
    };
    return one.origin === 'by-hand' ? [row, { ...row, Store: 0 }] : [row];
  });
  const v6Rows = place.machine.network.cards
    .filter((card) => !takenBy(place.machine, card))
    .map(({ name, index }) => ({ IPAddress: `fe80::5efe:${index.toString(16)}%${String(index)}`, PrefixLength: 64, InterfaceAlias: name, InterfaceIndex: index, AddressFamily: v6, PrefixOrigin: 2, Store: 1 })); // prettier-ignore
  const self = { IPAddress: '127.0.0.1', IPv4Address: '127.0.0.1', PrefixLength: 8, InterfaceAlias: loopback.alias, InterfaceIndex: loopback.index, AddressFamily: v4, PrefixOrigin: 2, Store: 1 }; // prettier-ignore
  return [...v6Rows, ...own, self];
}

/** Those that lead somewhere, and what Windows writes beside each address: itself, broadcasts, multicasts. */
function routes(place: Place): readonly Row[] {
  const { world, machine } = place;
  const row = (DestinationPrefix: string, NextHop: string, InterfaceIndex: number, Store = 1): Row => ({
    DestinationPrefix,
    NextHop,
    InterfaceAlias: aliasOf(place, InterfaceIndex),
    InterfaceIndex,
    AddressFamily: v4,
    Store,
  });
  const kept = machine.network.routes.map(({ prefix, nextHop, index }) => row(prefix, nextHop, index, 0));
  const beside = addressesOf(world, machine).flatMap(({ address, prefixLength, index }) => [
    row(`${address}/32`, '0.0.0.0', index),
    row(`${lastOf(address, prefixLength)}/32`, '0.0.0.0', index),
    row('224.0.0.0/4', '0.0.0.0', index),
    row('255.255.255.255/32', '0.0.0.0', index),
  ]);
  return [
    ...routesOf(world, machine).map(({ prefix, nextHop, index }) => row(prefix, nextHop, index)),
    ...kept,
    ...beside,
    ...['127.0.0.0/8', '127.0.0.1/32', '224.0.0.0/4'].map((prefix) => row(prefix, '0.0.0.0', loopback.index)),
    ...machine.network.cards.map(({ index }) => ({ ...row('fe80::/64', '::', index), AddressFamily: v6 })),
  ];
}
function lastOf(address: string, length: number): string {
  const prefix = parsePrefix(`${address}/${String(length)}`);
  return prefix ? addressText(prefix.base + 2 ** (32 - length) - 1) : addressText(parseAddress(address) ?? 0);
}

const nameServers = ({ world, machine }: Place): readonly Row[] =>
  machine.network.cards.flatMap((card) => [
    { InterfaceAlias: card.name, InterfaceIndex: card.index, AddressFamily: v4, ServerAddresses: takenBy(machine, card) ? [] : dnsOf(world, machine, card) }, // prettier-ignore
    { InterfaceAlias: card.name, InterfaceIndex: card.index, AddressFamily: v6, ServerAddresses: [] },
  ]);

export function natRows({ machine }: Place): readonly Row[] {
  if (!hasWinNat(machine)) throw new CmdletError('cim-invalid-class');
  return machine.network.nats.map(({ id, name, prefix }) => ({
    Name: name,
    InstanceID: id,
    InternalIPInterfaceAddressPrefix: prefix,
    ExternalIPInterfaceAddressPrefix: '',
    Active: 1,
    Store: 0,
  }));
}

export function mappingRows({ machine }: Place): readonly Row[] {
  if (!hasWinNat(machine)) throw new CmdletError('cim-invalid-class');
  return machine.network.ports.mappings.map(({ id, natName, protocol, hostPort, address, vmPort }) => ({
    StaticMappingID: id,
    NatName: natName,
    InstanceID: `${natName};${String(id)}`,
    Protocol: protocol === 'TCP' ? 6 : 17,
    RemoteExternalIPAddressPrefix: '0.0.0.0/0',
    ExternalIPAddress: '0.0.0.0',
    ExternalPort: hostPort,
    InternalIPAddress: address,
    InternalPort: vmPort,
    Active: 1,
  }));
}

/** Those that wait, and of TCP one that is connected: a filter tells them apart. */
const endpoints =
  (protocol: 'TCP' | 'UDP') =>
  ({ machine }: Place): readonly Row[] => {
    const ofTcp = (State: number) => (protocol === 'TCP' ? { State } : {});
    const waiting = machine.network.ports.listeners.filter((one) => one.protocol === protocol);
    return [
      ...waiting.map(({ address, port, process }) => ({
        LocalAddress: address,
        LocalPort: port,
        OwningProcess: process,
        ...ofTcp(2),
      })),
      ...(protocol === 'TCP'
        ? [{ LocalAddress: '127.0.0.1', LocalPort: 49_700, OwningProcess: 5120, ...ofTcp(5) }]
        : []),
    ];
  };

const interfaces = ({ machine }: Place): readonly Row[] =>
  machine.network.cards.flatMap(({ name, index, dhcp }) => [
    { InterfaceAlias: name, InterfaceIndex: index, AddressFamily: v4, Dhcp: dhcp ? 1 : 0, Store: 1 },
    { InterfaceAlias: name, InterfaceIndex: index, AddressFamily: v6, Dhcp: 1, Store: 1 },
  ]);

export const networkClasses: Readonly<Record<string, (place: Place) => readonly Row[]>> = {
  msft_netadapter: adapters,
  msft_netipaddress: addressRows,
  msft_netroute: routes,
  msft_dnsclientserveraddress: nameServers,
  msft_netnat: natRows,
  msft_netnatstaticmapping: mappingRows,
  msft_nettcpconnection: endpoints('TCP'),
  msft_netudpendpoint: endpoints('UDP'),
  msft_netipinterface: interfaces,
};
