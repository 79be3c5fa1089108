/** Name servers of a card, and asking one. */
import { sleep } from '../clock.js';
import { CmdletError } from '../errors.js';
import { ask, serversOf, type Answer } from '../packets.js';
import { strings } from '../parameters.js';
import { confirmed, mustBeElevated, serving, type ServedCmdlet, type SimulatedCmdlet } from './cmdlet.js';
import { cardsOf } from './net-tcpip.js';

/** Seconds until -QuickTimeout gives up. */
const quickTimeout = 4;

const setServers: SimulatedCmdlet = (invocation) => {
  const { ServerAddresses: servers, ResetServerAddresses: reset } = invocation.parameters;
  mustBeElevated(invocation);
  for (const card of cardsOf(invocation, 'MSFT_DNSClientServerAddress'))
    if (reset === true) card.dns = null;
    else card.dns = strings(servers);
  return {};
};

const resolve: SimulatedCmdlet = async (invocation) => {
  const { machine, parameters, clock } = invocation;
  const name = String(parameters['Name']);
  const given = strings(parameters['Server']);
  let answer: Answer = { kind: 'no-answer' };
  for (const server of given.length > 0 ? given : serversOf(invocation, machine)) {
    answer = ask(invocation, { machine }, server, name);
    if (answer.kind !== 'no-answer') break;
  }
  if (answer.kind === 'no-answer') {
    await sleep(clock, quickTimeout);
    throw new CmdletError('dns-timeout', { name }, name);
  }
  if (answer.kind === 'no-such-name') throw new CmdletError('dns-no-name', { name }, name);
  return { type: 'DnsRecord_A', rows: [{ Name: name, Type: 'A', TTL: 300, IPAddress: answer.address }] };
};

export const dnsClient: Readonly<Record<string, ServedCmdlet>> = {
  'Set-DnsClientServerAddress': serving(
    setServers,
    'InterfaceAlias InterfaceIndex ServerAddresses ResetServerAddresses',
    confirmed,
  ),
  // Its time-out is the quick one.
  'Resolve-DnsName': serving(resolve, 'Name Server', { Type: ['A'], DnsOnly: [true], QuickTimeout: [true] }),
};
