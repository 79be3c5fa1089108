/** Ports of a PC: which its NAT networks hand on, and at which its programs wait. */
import type { Answers, Batch } from '../cmdlets/batch.js';
import type { RowOf } from '../cmdlets/catalog.js';
import { readOf } from '../cmdlets/reads.js';
import type { MachineRef } from '../cmdlets/ref.js';
import { once } from './groups.js';
import type { Listener, Network, PortMapping, Protocol } from './machine.js';

export function portCalls(at: MachineRef) {
  const cim = { params: {}, at } as const;
  return {
    mappings: { cmdlet: 'Get-CimInstance/MSFT_NetNatStaticMapping', ...cim },
    tcp: { cmdlet: 'Get-CimInstance/MSFT_NetTCPConnection', ...cim },
    udp: { cmdlet: 'Get-CimInstance/MSFT_NetUDPEndpoint', ...cim },
  } as const satisfies Batch;
}
type PortAnswers = Answers<ReturnType<typeof portCalls>>;

/** With the ports in it. */
export function withPorts(network: Network, { mappings, tcp, udp }: PortAnswers): Network {
  const read = readOf(mappings);
  // Without WinNAT nothing is handed on (facts: nat-class).
  const hasNone = network.nats === 'missing' && read.rows === undefined;
  const [ofTcp, ofUdp] = [readOf(tcp), readOf(udp)];
  return {
    ...network,
    mappings: hasNone
      ? []
      : read.rows && once(read.rows, ({ StaticMappingID }) => StaticMappingID).flatMap(mappingFrom),
    listeners:
      ofTcp.rows && ofUdp.rows
        ? [...ofTcp.rows.flatMap(listenerOf('TCP')), ...ofUdp.rows.flatMap(listenerOf('UDP'))]
        : undefined,
    unread: [...network.unread, ...(hasNone ? [] : read.errors), ...ofTcp.errors, ...ofUdp.errors],
  };
}

/** As IP numbers them, or in words. Anything else: not known. */
const protocols: ReadonlyMap<string, Protocol> = new Map([
  ['6', 'TCP'],
  ['TCP', 'TCP'],
  ['17', 'UDP'],
  ['UDP', 'UDP'],
]);

function mappingFrom(row: RowOf<'Get-CimInstance/MSFT_NetNatStaticMapping'>): readonly PortMapping[] {
  const { StaticMappingID: id, NatName, Protocol: protocol, ExternalPort, InternalIPAddress, InternalPort } = row;
  if (id === undefined || ExternalPort === undefined) return [];
  return [
    {
      id: String(id),
      natName: NatName ?? '',
      protocol: protocols.get(protocol ?? ''),
      hostPort: ExternalPort,
      address: InternalIPAddress ?? '',
      // Without a port of its own it has that of the host.
      vmPort: InternalPort === undefined || InternalPort === 0 ? ExternalPort : InternalPort,
    },
  ];
}

/** What waits for this PC alone keeps no port of its other addresses. */
const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

const listenerOf =
  (protocol: Protocol) =>
  (row: RowOf<'Get-CimInstance/MSFT_NetTCPConnection' | 'Get-CimInstance/MSFT_NetUDPEndpoint'>): readonly Listener[] =>
    row.LocalPort === undefined || isLoopback(row.LocalAddress ?? '')
      ? []
      : [{ protocol, port: row.LocalPort, process: row.OwningProcess ?? undefined }];
