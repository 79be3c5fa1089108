/** Static mappings of WinNAT: a port of the host that leads to an address behind the NAT network. */
import { CmdletError } from '../errors.js';
import { holds, parseAddress, parsePrefix } from '../ipv4.js';
import { strings } from '../parameters.js';
import { hasWinNat } from '../roles.js';
import {
  confirmed,
  mustBeElevated,
  serving,
  type Invocation,
  type ServedCmdlet,
  type SimulatedCmdlet,
} from './cmdlet.js';
import { mappingRows } from './network-classes.js';
import { idsIn, isOneOf, mustBeAll, mustBeSure, readingByName } from './win-nat.js';

const MAPPING = 'MSFT_NetNatStaticMapping';

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
  return { type: MAPPING, rows: mappingRows(invocation).slice(-1) };
};

const remove: SimulatedCmdlet = (invocation) => {
  const { machine, parameters } = invocation;
  mustBeElevated(invocation);
  if (!hasWinNat(machine)) throw new CmdletError('nat-class');
  const { ports } = machine.network;
  const names = strings(parameters['NatName']);
  const numbers = [parameters['StaticMappingID']].flat().flatMap((one) => (one === undefined ? [] : [Number(one)]));
  const ids = idsIn(parameters);
  // None of them: all (as Remove-NetNat).
  const gone = ports.mappings.filter(({ id, natName }) =>
    ids
      ? ids.has(`${natName};${String(id)}`)
      : (numbers.length === 0 || numbers.includes(id)) && (names.length === 0 || isOneOf(names, natName)),
  );
  mustBeSure(parameters);
  const property = ids ? 'InstanceID' : numbers.length > 0 ? 'StaticMappingID' : 'NatName';
  if (gone.length === 0) mustBeAll(ids, [...numbers.map(String), ...names], { class: MAPPING, property });
  ports.mappings = ports.mappings.filter((one) => !gone.includes(one));
  return {};
};

export const netNatMapping: Readonly<Record<string, ServedCmdlet>> = {
  'Add-NetNatStaticMapping': serving(add, 'NatName Protocol ExternalPort InternalIPAddress InternalPort', {
    // Of all addresses of this PC: another one is refused by many a Windows.
    ExternalIPAddress: ['0.0.0.0/0', '0.0.0.0'],
    ...confirmed,
  }),
  // Of the networks that are named.
  'Get-NetNatStaticMapping': serving(readingByName(MAPPING, 'NatName', mappingRows), 'NatName'),
  'Remove-NetNatStaticMapping': serving(remove, 'InputObject StaticMappingID NatName', confirmed),
};
