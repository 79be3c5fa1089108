/** Static mappings of WinNAT: a port of the host that leads to an address behind the NAT network. */
import { CmdletError } from '../errors.js';
import { holds, parseAddress, parsePrefix } from '../ipv4.js';
import { like, references, strings } from '../parameters.js';
import { hasWinNat } from '../roles.js';
import {
  confirmed,
  mustBeElevated,
  problem,
  serving,
  type Invocation,
  type ServedCmdlet,
  type SimulatedCmdlet,
} from './cmdlet.js';
import { mappingRows } from './network-classes.js';

/** By another mapping, by a program, or by Windows itself: Windows says the same of all three. */
function isTaken({ machine }: Invocation, protocol: 'TCP' | 'UDP', port: number): boolean {
  const { mappings, listeners, excluded } = machine.network.ports;
  return (
    mappings.some((one) => one.protocol === protocol && one.hostPort === port) ||
    listeners.some((one) => one.protocol === protocol && one.port === port) ||
    (protocol === 'TCP' && excluded.some(([first, last]) => port >= first && port <= last))
  );
}

const add: SimulatedCmdlet = (invocation) => {
  const { machine, parameters } = invocation;
  mustBeElevated(invocation);
  if (!hasWinNat(machine)) throw new CmdletError('nat-class');
  const { nats, ports } = machine.network;
  const [name, address] = [String(parameters['NatName']), String(parameters['InternalIPAddress'])];
  const protocol = parameters['Protocol'] === 'UDP' ? 'UDP' : 'TCP';
  const hostPort = Number(parameters['ExternalPort']);
  const nat = nats.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!nat) throw new CmdletError('mapping-1168');
  const prefix = parsePrefix(nat.prefix);
  if (!prefix || !holds(prefix, parseAddress(address) ?? -1)) throw new CmdletError('nat-87');
  if (isTaken(invocation, protocol, hostPort)) throw new CmdletError('mapping-32');
  const vmPort = Number(parameters['InternalPort'] ?? hostPort);
  ports.mappings.push({ id: ports.nextMapping++, natName: nat.name, protocol, hostPort, address, vmPort });
  return { type: 'MSFT_NetNatStaticMapping', rows: mappingRows(invocation).slice(-1) };
};

/** Of the networks that are named; of one that has none, nothing is said. */
const read: SimulatedCmdlet = (invocation) => {
  if (!hasWinNat(invocation.machine)) throw new CmdletError('nat-class');
  const names = strings(invocation.parameters['NatName']);
  const rows = mappingRows(invocation);
  for (const name of names)
    if (!rows.some((row) => like(name)(String(row['NatName']))))
      problem(invocation, 'cim-not-found-name', { class: 'MSFT_NetNatStaticMapping', property: 'NatName', name }, name);
  const chosen = rows.filter((row) => names.length === 0 || names.some((name) => like(name)(String(row['NatName']))));
  return { type: 'MSFT_NetNatStaticMapping', rows: chosen };
};

const remove: SimulatedCmdlet = (invocation) => {
  const { machine, parameters } = invocation;
  mustBeElevated(invocation);
  if (!hasWinNat(machine)) throw new CmdletError('nat-class');
  const { ports } = machine.network;
  const names = strings(parameters['NatName']);
  const numbers = [parameters['StaticMappingID']].flat().flatMap((one) => (one === undefined ? [] : [Number(one)]));
  const ids = new Set(references(parameters['InputObject']).map(({ id }) => id));
  const byObject = 'InputObject' in parameters;
  // None of them: all (as Remove-NetNat).
  const gone = ports.mappings.filter(({ id, natName }) =>
    byObject
      ? ids.has(`${natName};${String(id)}`)
      : (numbers.length === 0 || numbers.includes(id)) &&
        (names.length === 0 || names.some((one) => like(one)(natName))),
  );
  // ConfirmImpact High in the module's definition: it asks.
  if (parameters['Confirm'] !== false) throw new CmdletError('prompt-noninteractive');
  if (gone.length === 0 && (byObject || numbers.length + names.length > 0))
    throw new CmdletError('cim-not-found-name', {
      class: 'MSFT_NetNatStaticMapping',
      property: byObject ? 'InstanceID' : numbers.length > 0 ? 'StaticMappingID' : 'NatName',
      name: [...ids, ...numbers, ...names].join(', '),
    });
  ports.mappings = ports.mappings.filter((one) => !gone.includes(one));
  return {};
};

export const netNatMapping: Readonly<Record<string, ServedCmdlet>> = {
  'Add-NetNatStaticMapping': serving(add, 'NatName Protocol ExternalPort InternalIPAddress InternalPort', {
    // Of all addresses of this PC: another one is refused by many a Windows.
    ExternalIPAddress: ['0.0.0.0/0', '0.0.0.0'],
    ...confirmed,
  }),
  'Get-NetNatStaticMapping': serving(read, 'NatName'),
  'Remove-NetNatStaticMapping': serving(remove, 'InputObject StaticMappingID NatName', confirmed),
};
