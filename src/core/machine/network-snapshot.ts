/** What of a machine only matters for networks and for what can be run inside: read on demand, by the same calls for L0 and L1. */
import type { MachineRef } from '../cmdlets/ref.js';
import type { Answers, Batch } from '../cmdlets/batch.js';
import type { Failure } from '../cmdlets/call.js';
import type { CmdletName, RowOf } from '../cmdlets/catalog.js';
import type { InsideFacts, NetAdapter, Network, RoleState } from './machine.js';
import { eachRole, readOfRole } from './roles.js';
import { readOf } from '../cmdlets/reads.js';

export function networkCalls(at: MachineRef) {
  const cim = { params: {}, at } as const;
  return {
    adapters: { cmdlet: 'Get-CimInstance/MSFT_NetAdapter', ...cim },
    addresses: { cmdlet: 'Get-CimInstance/MSFT_NetIPAddress', ...cim },
    routes: { cmdlet: 'Get-CimInstance/MSFT_NetRoute', ...cim },
    servers: { cmdlet: 'Get-CimInstance/MSFT_DNSClientServerAddress', ...cim },
    interfaces: { cmdlet: 'Get-CimInstance/MSFT_NetIPInterface', ...cim },
    nats: { cmdlet: 'Get-CimInstance/MSFT_NetNat', ...cim },
  } as const satisfies Batch;
}
export type NetworkAnswers = Answers<ReturnType<typeof networkCalls>>;

const IPV4 = 2;
const WIRELESS = 9;

export function assembleNetwork(answers: NetworkAnswers, readAt: string): Network {
  const { adapters, addresses, routes, servers, interfaces, nats } = answers;
  const dhcp = new Map<number, boolean>();
  for (const { InterfaceIndex, AddressFamily, Dhcp } of readOf(interfaces).rows ?? [])
    if (InterfaceIndex !== undefined && AddressFamily === IPV4 && typeof Dhcp === 'number')
      dhcp.set(InterfaceIndex, Dhcp === 1);
  const natsRead = readOf(nats);
  // Invalid class: this Windows has no WinNAT (facts: nat-class). Any other error leaves them unknown.
  const hasNoNat = natsRead.rows === undefined && natsRead.errors.some(({ kind }) => kind === 'not-supported');
  return {
    adapters: readOf(adapters).rows?.flatMap((row) => adapterFrom(row, dhcp)),
    addresses: inUse(readOf(addresses).rows)?.flatMap(
      ({ IPAddress, PrefixLength, InterfaceAlias, InterfaceIndex, AddressFamily }) =>
        AddressFamily === IPV4 && IPAddress !== undefined && PrefixLength !== undefined && InterfaceIndex !== undefined
          ? [
              {
                address: IPAddress,
                prefixLength: PrefixLength,
                adapter: InterfaceAlias ?? '',
                index: InterfaceIndex,
              },
            ]
          : [],
    ),
    routes: inUse(readOf(routes).rows)?.flatMap(
      ({ DestinationPrefix, NextHop, InterfaceAlias, InterfaceIndex, AddressFamily }) =>
        AddressFamily === IPV4 && DestinationPrefix !== undefined && InterfaceIndex !== undefined
          ? [
              {
                prefix: DestinationPrefix,
                nextHop: NextHop ?? '',
                adapter: InterfaceAlias ?? '',
                index: InterfaceIndex,
              },
            ]
          : [],
    ),
    dns: readOf(servers).rows?.flatMap(({ InterfaceIndex, AddressFamily, ServerAddresses }) =>
      AddressFamily === IPV4 && InterfaceIndex !== undefined
        ? [{ index: InterfaceIndex, servers: ServerAddresses ?? [] }]
        : [],
    ),
    nats: hasNoNat
      ? 'missing'
      : natsRead.rows?.flatMap(({ InstanceID, Name, InternalIPInterfaceAddressPrefix }) =>
          InstanceID === undefined
            ? []
            : [{ id: InstanceID, name: Name ?? InstanceID, prefix: InternalIPInterfaceAddressPrefix ?? '' }],
        ),
    unread: [adapters, addresses, routes, servers, interfaces, nats].flatMap((result) => {
      const { rows, errors } = readOf<CmdletName>(result);
      return hasNoNat && rows === undefined && errors === natsRead.errors ? [] : [...errors];
    }),
    readAt,
  };
}

/** What is kept for the next start (Store 0) is not in use now. */
const inUse = <Row extends { readonly Store: number | null | undefined }>(
  rows: readonly Row[] | undefined,
): readonly Row[] | undefined => rows?.filter(({ Store }) => Store !== 0);

function adapterFrom(
  row: RowOf<'Get-CimInstance/MSFT_NetAdapter'>,
  dhcp: ReadonlyMap<number, boolean>,
): readonly NetAdapter[] {
  const { InterfaceGuid, InterfaceIndex } = row;
  if (InterfaceGuid === undefined || InterfaceIndex === undefined) return [];
  const known = <Value>(value: Value | null | undefined): Value | undefined => value ?? undefined;
  return [
    {
      name: row.Name ?? '',
      description: row.InterfaceDescription,
      id: InterfaceGuid.toLowerCase().replace(/[{}]/g, ''),
      index: InterfaceIndex,
      macAddress: typeof row.PermanentAddress === 'string' ? macText(row.PermanentAddress) : row.PermanentAddress,
      wireless: row.NdisPhysicalMedium === undefined ? undefined : row.NdisPhysicalMedium === WIRELESS,
      hardware: known(row.HardwareInterface),
      connected: row.MediaConnectState === undefined ? undefined : row.MediaConnectState === 1,
      dhcp: dhcp.get(InterfaceIndex),
    },
  ];
}

/** `00-15-5D-00-6A-01` and `00155d006a01` as Get-VMNetworkAdapter writes it. */
const macText = (text: string): string => text.replace(/[^0-9a-f]/gi, '').toUpperCase();

/** Reading features takes DISM some seconds each. */
export function insideCalls(at: MachineRef) {
  const none = { params: {}, at } as const;
  return {
    ...eachRole((role) => ({ cmdlet: readOfRole(role), ...none })),
    disk: { cmdlet: 'Get-CimInstance/Win32_LogicalDisk', ...none },
  } as const satisfies Batch;
}
export type InsideAnswers = Answers<ReturnType<typeof insideCalls>>;

export function assembleInside({ disk, ...roles }: InsideAnswers): InsideFacts {
  const free = readOf(disk).rows?.[0]?.FreeSpace;
  return {
    roles: eachRole((role) => roleFrom(readOf(roles[role]))),
    freeDisk: free === undefined ? undefined : Number(free),
  };
}

/** An unknown feature name gives nothing, or an error, by version (facts). */
function roleFrom(read: {
  readonly rows: readonly { readonly State: RoleState | undefined }[] | undefined;
  readonly errors: readonly Failure[];
}): RoleState | undefined {
  if (read.rows?.length === 0) return 'Absent';
  if (!read.rows)
    return read.errors.some(({ kind }) => kind === 'not-found' || kind === 'invalid-argument') ? 'Absent' : undefined;
  return read.rows[0]?.State;
}
