/** Addresses by hand and by DHCP; whether something can be reached. */
import { addressesOf } from '../addresses.js';
import { sleep } from '../clock.js';
import { CmdletError } from '../errors.js';
import { parseAddress } from '../ipv4.js';
import type { NetCard } from '../network.js';
import { ask, send, serversOf } from '../packets.js';
import { like, strings } from '../parameters.js';
import {
  confirmed,
  mustBeElevated,
  serving,
  warn,
  type Invocation,
  type ServedCmdlet,
  type SimulatedCmdlet,
} from './cmdlet.js';
import { addressRows } from './network-classes.js';

/** Whether a card is one of those that -InterfaceIndex and -InterfaceAlias name; neither: each is. */
function isNamed({ parameters }: Invocation, { index, name }: Pick<NetCard, 'index' | 'name'>): boolean {
  const { InterfaceIndex: indexes, InterfaceAlias: aliases } = parameters;
  return (
    (indexes === undefined || [indexes].flat().includes(index)) &&
    (aliases === undefined || strings(aliases).some((alias) => like(alias)(name)))
  );
}

/** Those that are named, of which there is one at least. */
export function cardsOf(invocation: Invocation, className: string): readonly NetCard[] {
  const { machine, parameters } = invocation;
  const property = 'InterfaceAlias' in parameters ? 'InterfaceAlias' : 'InterfaceIndex';
  if (!(property in parameters)) throw new CmdletError('not-simulated', { cmdlet: 'A call that names no interface' });
  const found = machine.network.cards.filter((card) => isNamed(invocation, card));
  if (found.length === 0)
    throw new CmdletError('cim-not-found-name', { class: className, property, name: String(parameters[property]) });
  return found;
}

const newAddress: SimulatedCmdlet = (invocation) => {
  const { world, machine, parameters } = invocation;
  mustBeElevated(invocation);
  const card = machine.network.cards.find((one) => isNamed(invocation, one));
  // The end of a new switch may take a moment to come (facts: ip-element-not-found).
  if (!card) throw new CmdletError('ip-element-not-found');
  const { IPAddress: address, PrefixLength: prefixLength = 32, DefaultGateway: gateway } = parameters;
  const wrong = typeof address !== 'string' || parseAddress(address) === undefined || typeof prefixLength !== 'number';
  if (wrong || prefixLength > 32) throw new CmdletError('ip-87');
  if (addressesOf(world, machine).some((one) => one.address === address) || isLeftOver(invocation, address))
    throw new CmdletError(machine.windows.build >= 19041 ? 'ip-exists-5010' : 'ip-exists-87');
  const { network } = machine;
  const { index } = card;
  if (typeof gateway === 'string') {
    if (parseAddress(gateway) === undefined) throw new CmdletError('ip-87');
    if (network.routes.some((one) => one.index === index && one.prefix === '0.0.0.0/0'))
      throw new CmdletError('gateway-exists');
    network.routes.push({ prefix: '0.0.0.0/0', nextHop: gateway, index });
  }
  network.addresses.push({ address, prefixLength, index });
  card.dhcp = false;
  return { type: 'MSFT_NetIPAddress', rows: addressRows(invocation).filter((row) => row['IPAddress'] === address) };
};

/** Kept for a card that is gone: still taken. */
const isLeftOver = ({ machine }: Invocation, address: string) =>
  machine.network.addresses.some((one) => one.address === address);

const removeAddress: SimulatedCmdlet = (invocation) => {
  const { machine, parameters } = invocation;
  mustBeElevated(invocation);
  if (parameters['Confirm'] !== false) throw new CmdletError('prompt-noninteractive');
  const { network } = machine;
  const wanted = strings(parameters['IPAddress']);
  const { DefaultGateway: gateway } = parameters;
  const nameOf = (at: number) => network.cards.find(({ index }) => index === at)?.name ?? '';
  const gone = network.addresses.filter(
    ({ address, index }) =>
      (wanted.length === 0 || wanted.includes(address)) && isNamed(invocation, { index, name: nameOf(index) }),
  );
  if (gone.length === 0)
    throw new CmdletError('cim-not-found-name', {
      class: 'MSFT_NetIPAddress',
      property: 'IPAddress',
      name: wanted.join(', '),
    });
  network.addresses = network.addresses.filter((one) => !gone.includes(one));
  network.routes = network.routes.filter(
    (one) => !(one.nextHop === gateway && gone.some((address) => address.index === one.index)),
  );
  return {};
};

/** DHCP takes the addresses that were given by hand; a gateway by hand stays (inferred). */
const setInterface: SimulatedCmdlet = (invocation) => {
  const { machine, parameters } = invocation;
  mustBeElevated(invocation);
  for (const card of cardsOf(invocation, 'MSFT_NetIPInterface')) {
    if (parameters['Dhcp'] === 'Enabled') {
      card.dhcp = true;
      machine.network.addresses = machine.network.addresses.filter(({ index }) => index !== card.index);
    }
    if (parameters['Dhcp'] === 'Disabled') card.dhcp = false;
  }
  return {};
};

/** Seconds: an answer, four echo requests in vain, a connection that nobody takes. */
const seconds = { answered: 0.02, ping: 4, tcp: 21, name: 6 } as const;

const test: SimulatedCmdlet = async (invocation) => {
  const { machine, parameters, clock } = invocation;
  const [ComputerName = 'internetbeacon.msedge.net'] = strings(parameters['ComputerName']);
  const port = typeof parameters['Port'] === 'number' ? parameters['Port'] : undefined;
  const from = { machine };
  const to = parseAddress(ComputerName) === undefined ? resolve(invocation, ComputerName) : ComputerName;
  if (to === undefined) {
    await sleep(clock, seconds.name);
    warn(invocation, 'nameFailed', { name: ComputerName });
    return { type: 'NetConnectionResults', rows: [{ ComputerName, RemoteAddress: null, NameResolutionSucceeded: false, PingSucceeded: false, TcpTestSucceeded: false }] }; // prettier-ignore
  }
  const PingSucceeded = send(invocation, from, to, 'ping').reached;
  const TcpTestSucceeded = port !== undefined && send(invocation, from, to, port).reached;
  // A port is tried first; only when it fails is there a ping.
  const isFine = port === undefined ? PingSucceeded : TcpTestSucceeded;
  await sleep(clock, isFine ? seconds.answered : port === undefined ? seconds.ping : seconds.tcp);
  if (port !== undefined && !TcpTestSucceeded) warn(invocation, 'tcpFailed', { name: to, port });
  if (!PingSucceeded && !TcpTestSucceeded) warn(invocation, 'pingFailed', { name: to });
  const row = { ComputerName, RemoteAddress: to, NameResolutionSucceeded: true, PingSucceeded, TcpTestSucceeded };
  return { type: 'NetConnectionResults', rows: [port === undefined ? row : { ...row, RemotePort: port }] };
};

function resolve(invocation: Invocation, name: string): string | undefined {
  const { machine } = invocation;
  for (const server of serversOf(invocation, machine)) {
    const answer = ask(invocation, { machine }, server, name);
    if (answer.kind === 'address') return answer.address;
  }
  return undefined;
}

const ipv4 = { AddressFamily: ['IPv4'] } as const;

export const netTcpip: Readonly<Record<string, ServedCmdlet>> = {
  'New-NetIPAddress': serving(newAddress, 'InterfaceAlias InterfaceIndex IPAddress PrefixLength DefaultGateway', {
    ...ipv4,
    ...confirmed,
  }),
  'Remove-NetIPAddress': serving(removeAddress, 'InterfaceAlias InterfaceIndex IPAddress DefaultGateway', {
    ...ipv4,
    ...confirmed,
  }),
  'Set-NetIPInterface': serving(setInterface, 'InterfaceAlias InterfaceIndex Dhcp', { ...ipv4, ...confirmed }),
  'Test-NetConnection': serving(test, 'ComputerName Port'),
};
